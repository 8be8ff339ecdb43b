import { commands } from '../core/all-commands'
import { exportWarnings } from '../model/export-warnings'
import { describeGate, describeStage } from '../model/gate-standing'
import { WorkbenchError } from '../model/errors'
import { decidingRole, ModelName, type ModelVersionDetail } from '../model/registry'
import type { CommandBody } from './command'
import { missingLines, readStage } from './model-words'
import { modelNamed, nameOf } from './named-model'
import { runNamed } from './named-run'
import { inWorkspace } from './workspace-client'
import { fit } from '../model/schema-words'

/** `model register`. */
export const registerModel: CommandBody = (context, [given], options) => {
  const name = readName(given)
  return inWorkspace(context, options.workspace, async (workspace) => {
    const { id: run } = await runNamed(workspace, String(options.run))
    const before = await workspace.models.versions({ name })
    const made = await workspace.do(commands.models.register, { run, name, withoutGate: options.withoutGate === true })
    const created = !before.some(({ version }) => version === made.version)
    context.output.result({ ...made, created, warnings: exportWarnings(made) }, [
      `${created ? 'Registered' : 'Registered already:'} ${nameOf(made)}, ${describeStage(made)}; gate ${describeGate(made.gate)}.`,
      ...missingLines(made, options.workspace)
    ])
  })
}

function readName(given: string): string {
  const name = fit(ModelName, given)
  if (name.success) return name.data
  throw new WorkbenchError('INVALID_INPUT', `"${given}" cannot be the name of a model. ${name.problems[0].words} Nothing was registered.`)
}

/** `model stage`. */
export const stageModel: CommandBody = (context, [reference, word], options) => {
  const to = readStage('The stage', word)
  return inWorkspace(context, options.workspace, async (workspace) => {
    const { name, version } = await modelNamed(workspace, reference)
    const moved = await workspace.do(commands.models.setStage, { name, version, to, reason: String(options.reason) })
    context.output.result(moved, describeMove(moved, options.workspace))
  })
}

function describeMove(moved: ModelVersionDetail, directory: unknown): string[] {
  const { from, to, by, signature } = moved.history.at(-1)!
  const signed = decidingRole[to] && signature?.fingerprint ? ` Signed with the key ${signature.fingerprint.slice(0, 8)} of ${by}.` : ''
  return [
    `${nameOf(moved)} was ${from} and is ${describeStage(moved)}.${signed}`,
    ...(to === 'retired' || to === 'draft' ? [] : missingLines(moved, directory))
  ]
}
