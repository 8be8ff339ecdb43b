import { metricTitleOf, usualTask } from '../model/tasks'
import { commands } from '../core/all-commands'
import { cancelOnAbort } from '../core/pipelines'
import type { PipelineParameter } from '../model/pipeline'
import { dependsOnRows } from '../model/depends-on-rows'
import { describeDoubt, doubtWords, isDoubtful, measuredMetrics, type RunSummary } from '../model/run'
import { numberInWords } from '../model/reported-number'
import { didYouMean } from '../model/near-names'
import { rankText, type ListedRun } from '../model/run-rank'
import type { PipelineRun } from '../model/pipeline-run'
import type { PipelineRunId } from '../model/reference'
import { EXIT, textTable } from './output'
import { readRunParameters } from './run-parameters'
import { describeResults, resultsOf } from './run-results'
import type { AddCommand, CommandGroup } from './command'
import { readTextFile } from './text-file'
import { everyPage, inWorkspace, type WorkspaceClient } from './workspace-client'

const shortFigure = (value: number): number | string => numberInWords(value) ?? Number(value.toFixed(4))

type RunSource = { yaml: string } | { name: string }

/** The parameters of what will run: of a saved pipeline its newest version, not its draft. */
async function declaredParameters(pipelines: WorkspaceClient['pipelines'], source: RunSource): Promise<readonly PipelineParameter[]> {
  if ('yaml' in source) return (await pipelines.validate({ yaml: source.yaml })).document?.parameters ?? []
  const { version } = await pipelines.get({ name: source.name })
  return (await pipelines.get({ name: source.name, version: version ?? undefined })).check.document?.parameters ?? []
}

/** Says what each step does until the run is over, and why one waits. */
async function followRun(pipelines: WorkspaceClient['pipelines'], runId: PipelineRunId, say: (text: string) => void): Promise<PipelineRun> {
  const events = pipelines.watchRun({ runId })
  const shown = new Map<string, string>()
  const waited = new Set<string>()
  for await (const item of events) {
    const steps = item.kind === 'snapshot' ? item.run.steps : item.kind === 'step' ? [item.step] : []
    for (const step of steps) {
      // That all places are taken is how a run goes on; what else a step waits for is said once.
      if (step.state === 'queued' && step.waitingFor && !/^Waiting for a slot/.test(step.waitingFor) && !waited.has(step.stepId)) {
        waited.add(step.stepId)
        say(`${step.stepId}: ${step.waitingFor}`)
      }
      if (shown.get(step.stepId) !== step.state && step.state !== 'waiting' && step.state !== 'queued') {
        shown.set(step.stepId, step.state)
        say(`${step.stepId}: ${step.state}${step.cached ? ' (from the cache)' : ''}${step.failure ? `: ${step.failure.message}` : ''}`)
      }
    }
  }
  return events.result
}

/** How the programs of the steps were held, once for all that were held alike. */
function sayConfinement({ steps }: PipelineRun): string {
  const held = new Map<string, string[]>()
  for (const { stepId, attempts } of steps)
    for (const { confinement } of attempts.slice(-1)) if (confinement) held.set(confinement, [...(held.get(confinement) ?? []), stepId])
  return [...held].map(([how, ids]) => `\nConfinement of ${ids.join(', ')}: ${how}.`).join('')
}

/** What a step says of what it was given, such as a target of which nobody can tell the event, is an answer as a gate's is. */
const isRefusal = (code: string): boolean => ['POLICY_DENIED', 'EVIDENCE_MISMATCH', 'INVALID_INPUT'].includes(code)

const addRunCommands = (add: AddCommand): void => {
  add(
    'run',
    'run a pipeline file, or a saved pipeline by name',
    (c) =>
      c
        .argument('<pipeline>', 'PIPELINE.yaml or the name of a saved pipeline')
        .requiredOption('-w, --workspace <dir>', 'the workspace')
        .option('--param <name=value...>', 'a parameter of the pipeline')
        .option('--secret <name=source...>', 'a secret of the pipeline: name=env:VARIABLE, name=file:PATH, or name=- for standard input')
        .option('--target <step>', 'run only what this step needs')
        .option('--register', 'register also where --param differs from the default: such a variant registers nothing else')
        .option('--force', 'ignore the cache'),
    (context, [pipeline], options) =>
      inWorkspace(context, options.workspace, async (workspace) => {
        const { pipelines } = workspace
        const source: RunSource = /\.ya?ml$/i.test(pipeline) ? { yaml: readTextFile(pipeline) } : { name: pipeline }
        const given = { params: (options.param as string[] | undefined) ?? [], secrets: (options.secret as string[] | undefined) ?? [] }
        const { env, stdin } = process
        const isGiven = given.params.length + given.secrets.length > 0
        const declared = isGiven ? await declaredParameters(pipelines, source) : []
        const parameters = await readRunParameters(given, declared, { env, stdin, signal: context.signal })
        const choices = {
          parameters,
          targetStep: options.target as string | undefined,
          force: options.force === true,
          register: options.register === true
        }
        const { runId, replaced } = await workspace.do(commands.pipelines.run, { ...source, ...choices })
        const settled = cancelOnAbort(context.signal, () => workspace.do(commands.pipelines.cancel, { runId }))
        const run = await followRun(pipelines, runId, (text) => context.output.note(text))
        await settled()
        const { failure } = run
        const { doubts, ...results } = await resultsOf(run, workspace)
        context.output.result(
          {
            ...run,
            replaced,
            results,
            ...(doubts.length > 0 && { doubts }),
            ...(failure && { error: { code: failure.code, message: failure.message } })
          },
          `${run.title}: ${run.state}\n${textTable(
            ['step', 'state', 'seconds', 'cached'],
            run.steps.map((s) => [s.stepId, s.state, s.duration === null ? null : Number(s.duration.toFixed(2)), s.cached ? 'yes' : ''])
          )}${run.state === 'cancelled' ? '\nWhat had finished is kept: run it again, and only the rest is done.' : ''}${sayConfinement(run)}${replaced === null ? '' : `\nThis text is now the newest version of the pipeline "${run.pipeline}", in the place of ${replaced.slice(0, 8)}.`}${describeResults(
            { ...results, doubts }
          )
            .map((line) => `\n${line}`)
            .join('')}`
        )
        if (run.state === 'succeeded') return EXIT.done
        // A gate that says no, and evidence about something else, are answers and no breakdown.
        return failure && isRefusal(failure.code) ? EXIT.refuted : EXIT.failed
      })
  )
  add(
    'runs',
    'list runs',
    (c) =>
      c
        .requiredOption('-w, --workspace <dir>', 'the workspace')
        .option('--filter <expression>', "such as: metrics.auc > 0.8 and params.algorithm = 'gradient-boosting'")
        .option('--sort <column>', 'such as metrics.auc', 'startedAt')
        .option('--ascending', 'smallest first'),
    (context, _positional, options) =>
      inWorkspace(context, options.workspace, async ({ experiments }) => {
        const sort = String(options.sort)
        const rankBy = sort.startsWith('metrics.') ? sort.slice('metrics.'.length) : usualTask.primaryMetric
        const query = { filter: String(options.filter ?? ''), sort, rankBy, descending: options.ascending !== true }
        const {
          entries,
          runs: _first,
          ...page
        } = await everyPage(
          100_000,
          1_000,
          (offset, limit) => experiments.runs({ ...query, offset, limit }),
          ({ runs: some }) => some
        )
        page.notes.push(...unknownSort(sort, page))
        for (const note of page.notes) context.output.note(note)
        const shown = usualTask.headline.line.filter((key) => page.metricKeys.includes(key))
        const runs = soundFirst(entries, sort)
        context.output.result(
          { ...page, rankedBy: rankBy, items: runs.map(listedRun) },
          textTable(
            ['run', 'name', `rank by ${rankBy}`, 'status', 'algorithm', ...shown.map(metricTitleOf), 'note', 'gate', 'started'],
            runs.map((r) => [
              r.id.slice(0, 8),
              r.name,
              rankText(r.rank) || '-',
              r.status,
              r.algorithm,
              ...shown.map((key) => (r.metrics[key] ? shortFigure(r.metrics[key].value) : null)),
              doubtWords(r) ?? (r.testData === null && shown.some((key) => r.metrics[key]) ? 'logged, not measured' : ''),
              r.gate ?? '',
              r.startedAt
            ])
          )
        )
      })
  )
}

/** The ledger keeps parameters as texts; for programs one that was a number is that again, unless reading it would round it. */
function asNumber(text: string): number | string {
  const number = Number(text)
  return String(number) === text && (!Number.isInteger(number) || Number.isSafeInteger(number)) ? number : text
}

const listedRun = ({ parameters, ...run }: ListedRun) => ({
  ...run,
  parameters: Object.fromEntries(Object.entries(parameters).map(([key, text]) => [key, asNumber(text)])),
  doubt: describeDoubt(run),
  measured: run.testData !== null
})

/** Sorted by what no run has, the list stands in no order at all; that is said. */
function unknownSort(
  sort: string,
  { metricKeys, parameterKeys, all }: { metricKeys: string[]; parameterKeys: string[]; all: number }
): string[] {
  const [, group, key] = /^(metrics|params)\.(.*)$/.exec(sort) ?? []
  const known = group === 'metrics' ? metricKeys : parameterKeys
  if (key === undefined || all === 0 || known.includes(key)) return []
  return [`No run here has the ${group === 'metrics' ? 'metric' : 'parameter'} "${key}" to sort by.${didYouMean(key, known)}`]
}

/** Sorted by a figure of judged rows, runs that learned from too many of those, or were not judged, come last: none of them is the best. */
function soundFirst(runs: readonly ListedRun[], sort: string): ListedRun[] {
  const metric = sort.startsWith('metrics.') ? sort.slice('metrics.'.length) : null
  if (metric === null || !dependsOnRows(metric)) return [...runs]
  const isSound = (run: RunSummary): boolean => !isDoubtful(run) && metric in measuredMetrics(run)
  return [...runs.filter(isSound), ...runs.filter((run) => !isSound(run))]
}

export const runCommands: CommandGroup = { place: 4, add: addRunCommands }
