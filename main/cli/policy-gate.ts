import { commands } from '../core/all-commands'
import { WorkbenchError } from '../model/errors'
import { gateWord } from '../model/gate-standing'
import type { RunId } from '../model/reference'
import type { CommandBody } from './command'
import { modelNamed } from './named-model'
import { policyNamed } from './named-policy'
import { runNamed } from './named-run'
import { EXIT } from './output'
import { describeReport } from './policy-words'
import { inWorkspace, type WorkspaceClient } from './workspace-client'

/** The run that is judged: by itself, or as that of a version. Throws INVALID_INPUT unless one of both is named. */
async function runOf(workspace: WorkspaceClient, { run, model }: Record<string, unknown>): Promise<RunId> {
  if ((run === undefined) === (model === undefined))
    throw new WorkbenchError('INVALID_INPUT', 'A gate judges one run: give --run RUN, or --model NAME@VERSION for the run of a version.')
  return model === undefined ? (await runNamed(workspace, String(run))).id : (await modelNamed(workspace, String(model))).run
}

/** `policy gate`. */
export const applyPolicy: CommandBody = (context, [given], options) =>
  inWorkspace(context, options.workspace, async (workspace) => {
    const run = await runOf(workspace, options)
    const { name, reference, versions, sha256 } = await policyNamed(workspace, given)
    const isInForce = versions.some((version) => version.current && version.sha256 === sha256)
    const { id, report } = await workspace.do(
      commands.policies.evaluate,
      { policy: isInForce ? name : reference, run },
      { signal: context.signal }
    )
    const standing = (await workspace.experiments.run({ id: run })).gate
    if (standing === 'fail' && report.outcome === 'pass')
      context.output.note(
        'The run as a whole stays failed: another policy, or another text of this one, did not pass. "drydock model show" says which.'
      )
    context.output.result({ id, run, word: gateWord(report), standing, report }, describeReport(report))
    return report.outcome === 'pass' ? EXIT.done : EXIT.refuted
  })
