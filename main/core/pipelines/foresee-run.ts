import type { RunForecast } from '../../model/commands/pipelines'
import { WorkbenchError } from '../../model/errors'
import type { PipelineDocument } from '../../model/pipeline'
import type { PipelineRunId, Sha256 } from '../../model/reference'
import type { WorkspaceContext } from '../workspace/context'
import { sha256 } from '../../storage/objects/durable-files'
import { compareKeys } from './content-key'
import type { Journal } from './journal'
import type { LiveStep, RunSteps } from './live-run'
import type { RunPlan } from './prepare-run'
import { askCache, type CacheAnswer, type Reusable } from './step-cache'

/** Where a run begins: this step and all that depends on it are run anew, the others are taken over. */
export interface Beginning {
  step: string
  /** The run whose outputs are taken; else the cache has them. */
  reuse?: PipelineRunId
}
/** What will become of a step. */
export interface Foreseen {
  live: LiveStep
  action: RunForecast['steps'][number]['action']
  reason: string
  changes: CacheAnswer['changes']
  /** What it takes over. */
  answer: CacheAnswer | null
}
interface Sources {
  context: WorkspaceContext
  journal: Journal
  /** Bytes that there are for attempts. */
  memory: number
}

/**
 * Looks at every step of a plan, those that it needs first, and says what a run would do with it now. Steps that are taken over get their
 * outputs in the plan; nothing is written. Throws NOT_FOUND for a beginning that is no step, CONFLICT where a step before it cannot be
 * taken over.
 */
export async function foreseeRun(
  sources: Sources,
  { id, pipeline, steps }: Omit<RunSteps, 'force'>,
  { force, begin }: { force: boolean; begin?: Beginning }
): Promise<Foreseen[]> {
  const anew = begin ? dependentsOf(steps, begin.step) : new Set<string>()
  const before = begin ? ancestorsOf(steps, begin.step) : new Set<string>()
  const run: RunSteps = { id, pipeline, force: force && !begin, steps }
  const found = new Map<string, Foreseen>()
  for (const live of inOrder(steps)) {
    const one = anew.has(live.step.id)
      ? runs(live, live.step.id === begin!.step ? 'The run begins here.' : `Runs again after "${begin!.step}".`)
      : await foreseeStep(sources, run, live, found, begin?.reuse)
    if (before.has(live.step.id) && one.action !== 'cache') throw cannotBegin(begin!, one)
    found.set(live.step.id, one)
  }
  return [...steps.keys()].map((stepId) => found.get(stepId)!)
}

const runs = (live: LiveStep, reason: string): Foreseen => ({ live, action: 'run', reason, changes: [], answer: null })

async function foreseeStep(
  sources: Sources,
  run: RunSteps,
  live: LiveStep,
  found: ReadonlyMap<string, Foreseen>,
  reuse: PipelineRunId | undefined
): Promise<Foreseen> {
  const open = live.needs.filter((id) => found.get(id)!.action !== 'cache')
  if (open.length > 0) {
    const names = open.map((id) => `"${id}"`).join(' and ')
    if (run.force || live.step.cache === 'never') return runs(live, `Runs after ${names}.`)
    return {
      ...runs(live, `Runs after ${names}, unless ${open.length > 1 ? 'they make' : 'it makes'} what was there before.`),
      action: 'depends'
    }
  }
  const given = reuse === undefined ? undefined : reusable(sources.context, reuse, live.step.id)
  const answer = await askCache({ ...sources, reuse: given }, run, live).catch((error: unknown) => {
    // What a step is handed cannot be told, as in the run itself: there it fails with these words.
    if (error instanceof WorkbenchError) return error
    throw error
  })
  if (answer instanceof WorkbenchError) return runs(live, answer.message)
  if (answer.source) {
    live.state = 'succeeded'
    live.cacheKey = answer.key
    live.source = answer.source
    live.outputs = answer.files
    return { live, action: 'cache', reason: answer.reason, changes: answer.changes, answer }
  }
  return { live, action: 'run', reason: given ? otherWork(given, answer) : answer.reason, changes: answer.changes, answer: null }
}

function reusable({ ledger }: WorkspaceContext, run: PipelineRunId, stepId: string): Reusable | undefined {
  const row = ledger.get<{ runId: PipelineRunId; stepId: string; attempt: number; key: string | null; parts: string | null }>(
    "SELECT source_run AS runId, source_step AS stepId, source_attempt AS attempt, cache_key AS key, key_parts AS parts FROM step_run WHERE run_id = ? AND step_id = ? AND state = 'succeeded'",
    run,
    stepId
  )
  if (!row) return undefined
  const { key, parts, ...source } = row
  return { run, source, key, parts: parts === null ? {} : (JSON.parse(parts) as Record<string, string>) }
}

/** Why what a named run made is not what this one asks for. */
function otherWork({ run, key, parts }: Reusable, answer: CacheAnswer): string {
  const changes = compareKeys(parts, answer.parts).map(({ part }) => part)
  if (key === answer.key) return `What the run ${run.slice(0, 8)} made there is no longer in the workspace, or was changed on the disk.`
  return `The run ${run.slice(0, 8)} did other work there. Changed: ${changes.join(', ') || 'not known'}.`
}

function cannotBegin({ step, reuse }: Beginning, { live, reason }: Foreseen): WorkbenchError {
  const way = reuse === undefined ? 'name a run that made it with --reuse' : 'name another run'
  return new WorkbenchError(
    'CONFLICT',
    `The run cannot begin at "${step}": it needs what "${live.step.id}" makes, and that cannot be taken over. ${reason} Nothing was run. Run without --from, which takes from the cache what it can, or ${way}.`,
    { details: { stepId: live.step.id } }
  )
}

/** The steps so that each comes after all that it needs. */
function inOrder(steps: ReadonlyMap<string, LiveStep>): LiveStep[] {
  const placed = new Set<LiveStep>()
  for (const root of steps.values()) {
    const path = [root]
    while (path.length > 0) {
      const live = path.at(-1)!
      const next = live.needs.map((id) => steps.get(id)!).find((need) => !placed.has(need))
      if (next && !placed.has(live)) path.push(next)
      else placed.add(path.pop()!)
    }
  }
  return [...placed]
}

function ancestorsOf(steps: ReadonlyMap<string, LiveStep>, stepId: string): Set<string> {
  const start = steps.get(stepId)
  if (!start)
    throw new WorkbenchError(
      'NOT_FOUND',
      `There is no step "${stepId}" to begin at in what would run. Choose one of: ${[...steps.keys()].join(', ')}.`
    )
  const found = new Set<string>()
  const pending = [...start.needs]
  while (pending.length > 0) {
    const id = pending.pop()!
    if (found.has(id)) continue
    found.add(id)
    pending.push(...steps.get(id)!.needs)
  }
  return found
}

/** The step and all that need it, however far. */
function dependentsOf(steps: ReadonlyMap<string, LiveStep>, stepId: string): Set<string> {
  const found = new Set([stepId])
  for (const live of inOrder(steps)) if (live.needs.some((id) => found.has(id))) found.add(live.step.id)
  return found
}

/** The content store of one who only looks: what is put there gets its name, and is not kept. */
export const unkept = (objects: WorkspaceContext['objects']): WorkspaceContext['objects'] => ({
  ...objects,
  putBytes: async (bytes) => ({ sha256: sha256(bytes), size: Buffer.byteLength(bytes) })
})

/** What is told of it. */
export function describeForecast(
  document: PipelineDocument,
  { parameters, targetStep }: RunPlan,
  foreseen: readonly Foreseen[],
  version: Sha256
): RunForecast {
  return {
    pipeline: document.name,
    title: document.title ?? document.name,
    version,
    parameters,
    targetStep,
    steps: foreseen.map(({ live, action, reason, changes }) => ({
      stepId: live.step.id,
      type: live.definition.type,
      title: live.step.title ?? live.definition.title,
      action,
      reason,
      changes
    }))
  }
}
