import { datasetCommands } from './datasets'
import { experimentCommands, runCommands } from './experiments'
import { bundleCommands, keyFileCommands } from './bundles'
import { gateCommands, policyCommands } from './policies'
import { jobCommands } from './jobs'
import { modelCommands } from './models'
import { peopleCommands } from './people'
import { pipelineCommands } from './pipelines'
import { qualityCommands } from './quality'
import { beginCommands, workspaceCommands } from './workspace/commands'

/** Every change that can be asked for in a workspace, by the names that the contract has for them. */
export const commands = {
  workspace: workspaceCommands,
  people: peopleCommands,
  datasets: datasetCommands,
  quality: qualityCommands,
  experiments: experimentCommands,
  policies: policyCommands,
  models: modelCommands,
  pipelines: pipelineCommands,
  jobs: jobCommands,
  bundles: bundleCommands
}

/** What the program itself asks for: the engine at the end of a step, the start of a workspace, a script with a key file. */
export const innerCommands = { runs: runCommands, gates: gateCommands, workspaces: beginCommands, keyFiles: keyFileCommands }
