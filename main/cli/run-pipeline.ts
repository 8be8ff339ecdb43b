import { commands } from '../core/all-commands'
import { cancelOnAbort } from '../core/pipelines'
import { countOf } from '../model/count-of'
import type { RunForecast } from '../model/commands/pipelines'
import { WorkbenchError } from '../model/errors'
import { isUnknownName, type PipelineCheck } from '../model/pipeline'
import type { PipelineRun } from '../model/pipeline-run'
import { PipelineRunId } from '../model/reference'
import type { CommandBody, CommandContext } from './command'
import { findJob } from './find-job'
import { followRun } from './follow-run'
import { EXIT, tableLines, type ExitCode } from './output'
import { readRunParameters } from './run-parameters'
import { describeRun, placesOf } from './run-report'
import { resultsOf, type RunResults } from './run-results'
import { describeProblem, inOrder } from './say-problems'
import { readTextFile } from './text-file'
import { inWorkspace, type WorkspaceClient } from './workspace-client'

type RunSource = { yaml: string } | { name: string }
type Options = Record<string, string | boolean | string[] | undefined>

/** What is known of what will run: of a saved pipeline its newest version, not its draft. */
async function checkOf(pipelines: WorkspaceClient['pipelines'], source: RunSource): Promise<PipelineCheck> {
  if ('yaml' in source) return pipelines.validate({ yaml: source.yaml })
  const { version } = await pipelines.get({ name: source.name })
  return (await pipelines.get({ name: source.name, version: version ?? undefined })).check
}

/** What a step says of what it was given, such as a target of which nobody can tell the event, is an answer as a gate's is. */
const isRefusal = (code: string): boolean => ['POLICY_DENIED', 'EVIDENCE_MISMATCH', 'INVALID_INPUT'].includes(code)

/**
 * 0 when every step ended and the gate passed, or what it said stands with a version (a draft); 1 when a gate did not pass or evidence was
 * refused, which are answers and no breakdown; 3 when something failed.
 */
function exitOf({ state, failure }: PipelineRun, { gates, registered }: RunResults): ExitCode {
  if (state !== 'succeeded') return failure && isRefusal(failure.code) ? EXIT.refuted : EXIT.failed
  return registered.length === 0 && gates.some(({ outcome }) => outcome !== 'passed') ? EXIT.refuted : EXIT.done
}

const actionWords: Record<RunForecast['steps'][number]['action'], string> = {
  run: 'run',
  cache: 'from the cache',
  depends: 'run, or from the cache'
}

function describeForecast({ title, steps }: RunForecast): string[] {
  const running = steps.filter(({ action }) => action !== 'cache').length
  return [
    `${title}: ${running === 0 ? 'nothing would run' : `${countOf(running, 'step')} of ${steps.length} would run`}. Nothing was done.`,
    ...tableLines(
      ['step', 'type', 'would', 'why'],
      steps.map(({ stepId, type, action, reason }) => [stepId, type, actionWords[action], reason])
    )
  ]
}

async function choicesOf(context: CommandContext, workspace: WorkspaceClient, check: PipelineCheck, options: Options) {
  const given = { params: (options.param as string[] | undefined) ?? [], secrets: (options.secret as string[] | undefined) ?? [] }
  const { env, stdin } = process
  if (options.from !== undefined && options.force === true)
    throw new WorkbenchError(
      'INVALID_INPUT',
      '--from takes over what comes before a step, and --force runs everything anew. Give one of them. Nothing was run.'
    )
  const taken = options.reuse === undefined ? undefined : await findJob(workspace, String(options.reuse))
  if (taken && taken.kind !== 'pipeline-run')
    throw new WorkbenchError('INVALID_INPUT', `--reuse: "${taken.title}" is no run of a pipeline. Name one. Nothing was run.`)
  return {
    parameters: await readRunParameters(given, check.document?.parameters ?? [], { env, stdin, signal: context.signal }),
    targetStep: options.target as string | undefined,
    force: options.force === true,
    register: options.register === true,
    from: options.from as string | undefined,
    reuse: taken && PipelineRunId.parse(taken.id)
  }
}

async function runPipeline(context: CommandContext, workspace: WorkspaceClient, pipeline: string, options: Options): Promise<ExitCode> {
  const { pipelines } = workspace
  const { output, signal } = context
  const source: RunSource = /\.ya?ml$/i.test(pipeline) ? { yaml: readTextFile(pipeline) } : { name: pipeline }
  const check = await checkOf(pipelines, source)
  const choices = await choicesOf(context, workspace, check, options)
  const warnings = inOrder(check.problems).filter((problem) => problem.severity === 'warning' && !isUnknownName(problem))
  for (const warning of warnings) output.note(describeProblem(warning, pipeline))
  if (options.dryRun === true) {
    const forecast = await pipelines.foresee({ ...source, ...choices })
    output.result({ dryRun: true, ...forecast, warnings }, describeForecast(forecast))
    return EXIT.done
  }
  const { runId, replaced } = await workspace.do(commands.pipelines.run, { ...source, ...choices })
  const settled = cancelOnAbort(signal, () => workspace.do(commands.pipelines.cancel, { runId }))
  const run = await followRun(pipelines, runId, output)
  await settled()
  const { failure } = run
  const found = await resultsOf(run, workspace)
  const { doubts, ...results } = found
  const { directory } = (await workspace.workspace.status({})).workspace!
  const places = placesOf(run, directory)
  output.result(
    {
      ...run,
      replaced,
      results,
      ...(doubts.length > 0 && { doubts }),
      ...(warnings.length > 0 && { warnings }),
      workspace: directory,
      places,
      ...(failure && { error: { code: failure.code, message: failure.message } })
    },
    describeRun(run, { results: found, places, directory, replaced })
  )
  return exitOf(run, found)
}

/** `run`. */
export const run: CommandBody = (context, [pipeline], options) =>
  inWorkspace(context, options.workspace, (workspace) => runPipeline(context, workspace, pipeline, options))
