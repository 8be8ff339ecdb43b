import { join } from 'node:path'
import type { OutputReference, PipelineRun } from '../model/pipeline-run'
import { tableLines } from './output'
import { ownCommand } from './own-command'
import { describeResults, type RunResults } from './run-results'

/** Where something that a run made lies on this machine. */
export interface RunPlace {
  step: string
  port: string
  type: string
  path: string
}

const pathOf = (directory: string, { type, sha256 }: OutputReference): string =>
  type === 'Table' || type === 'FeatureSet'
    ? join(directory, 'data', `${sha256}.arrow`)
    : join(directory, 'objects', sha256.slice(0, 2), sha256.slice(2))

/** The absolute paths of all that the steps of a run made or took over. */
export const placesOf = ({ steps }: PipelineRun, directory: string): RunPlace[] =>
  steps.flatMap(({ stepId, outputs }) =>
    outputs.map((output) => ({ step: stepId, port: output.port, type: output.type, path: pathOf(directory, output) }))
  )

/** Places that are printed; --json has all. */
const MOST_PLACES = 12

/** What a run ends with: what no other step went on to use, and the models. */
function describePlaces({ document }: PipelineRun, places: readonly RunPlace[]): string[] {
  const used = new Set(document.steps.flatMap(({ inputs = {} }) => Object.values(inputs)))
  const ends = places.filter(({ step, port, type }) => type === 'Model' || !used.has(`${step}.${port}`))
  const lines = ends.slice(0, MOST_PLACES).map(({ step, port, type, path }) => `${step}.${port} (${type}): ${path}`)
  return ends.length > MOST_PLACES ? [...lines, `and ${ends.length - MOST_PLACES} more; --json lists all that was made.`] : lines
}

/** How the programs of the steps were held, once for all that were held alike. */
function describeConfinement({ steps }: PipelineRun): string[] {
  const held = new Map<string, string[]>()
  for (const { stepId, attempts } of steps)
    for (const { confinement } of attempts.slice(-1)) if (confinement) held.set(confinement, [...(held.get(confinement) ?? []), stepId])
  return [...held].map(([how, ids]) => `Confinement of ${ids.join(', ')}: ${how}.`)
}

/** Where it is said why a step failed. */
const describeLogs = ({ id, steps }: PipelineRun, directory: string): string[] =>
  steps
    .filter(({ state, attempts }) => state === 'failed' && attempts.length > 0)
    .map(({ stepId, attempts }) => `Log of ${stepId}: ${join(directory, 'runs', id, `${stepId}.${attempts.at(-1)!.number}.log`)}`)

/** What a run came to, for people: its steps, how they were held, figures, gates, versions, and where all that lies. */
export function describeRun(
  run: PipelineRun,
  { results, places, directory, replaced }: { results: RunResults; places: readonly RunPlace[]; directory: string; replaced: string | null }
): string[] {
  const isCancelled = run.state === 'cancelled'
  return [
    `${run.title}: ${run.state}`,
    ...tableLines(
      ['step', 'state', 'seconds', 'cached'],
      run.steps.map((s) => [s.stepId, s.state, s.duration === null ? null : Number(s.duration.toFixed(2)), s.cached ? 'yes' : ''])
    ),
    ...(isCancelled ? ['What had finished is kept: run it again, and only the rest is done.'] : []),
    ...describeConfinement(run),
    ...(replaced === null
      ? []
      : [`This text is now the newest version of the pipeline "${run.pipeline}", in the place of ${replaced.slice(0, 8)}.`]),
    ...describeResults(results),
    ...describePlaces(run, places),
    ...describeLogs(run, directory),
    `Workspace: ${directory}; the logs of all steps: ${ownCommand()} job logs -w "${directory}" ${run.id.slice(0, 8)}`
  ]
}
