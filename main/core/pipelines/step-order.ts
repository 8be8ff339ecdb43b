import { join } from 'node:path'
import type { WorkspaceContext } from '../workspace/context'
import { defaultMemoryLimit } from './attempt'
import type { OutputPort, StepInput } from './define-step'
import type { AttemptId } from './journal'
import { inputsOf, secretsOf, type LiveInput, type LiveRun, type LiveStep } from './live-run'
import { declaredVariables } from './step-cache'
import { fixedFor } from './upstream'
import { outputsOfStep } from './validate-pipeline'
import type { StepOrder } from './worker-messages'
import { attemptLog, pathOfOutput } from './workspace-files'

/** The outputs of a step by port, those that its parameters add among them. */
export const declaredOutputs = (live: LiveStep): Record<string, OutputPort> =>
  outputsOfStep({ parameters: live.parameters as never }, live.definition)

/** What the worker process of an attempt is told; it writes into `directory` only. */
export function orderFor(
  context: WorkspaceContext,
  run: LiveRun,
  live: LiveStep,
  id: AttemptId,
  directory: string,
  confine: boolean
): StepOrder {
  const toInput = ({ file, parts }: LiveInput): StepInput => ({
    type: file.type,
    path: pathOfOutput(context, file),
    sha256: file.sha256,
    rows: file.rows,
    files: Object.fromEntries(parts.map((part) => [part.part, pathOfOutput(context, part)]))
  })
  const outputs = Object.entries(declaredOutputs(live))
  return {
    kind: 'run',
    stepType: live.definition.type,
    stepId: live.step.id,
    parameters: live.parameters,
    frozen: fixedFor(context.ledger, live, inputsOf(run, live)),
    seed: typeof live.parameters.seed === 'number' ? live.parameters.seed : 0,
    inputs: Object.fromEntries(inputsOf(run, live).map((input) => [input.port, toInput(input)])),
    outputs: Object.fromEntries(outputs.map(([port, output]) => [port, { type: output.type, optional: output.optional ?? false }])),
    directory,
    confine,
    workspace: context.directory,
    dataDirectory: join(context.directory, 'data'),
    objectsDirectory: join(context.directory, 'objects'),
    logFile: attemptLog(context.directory, run.id, live.step.id, id.attempt),
    memoryLimitBytes: live.step.memory ? live.step.memory * 2 ** 20 : defaultMemoryLimit(),
    environment: declaredVariables(live),
    secrets: Object.fromEntries(secretsOf(live).map((name) => [name, run.secrets[name]]))
  }
}
