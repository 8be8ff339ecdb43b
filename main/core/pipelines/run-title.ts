import { isDeepStrictEqual } from 'node:util'
import type { Ledger } from '../../storage/ledger/ledger'
import { givenParameters, type LiveRun, type LiveStep } from './live-run'
import { collectReferences } from './substitute-parameters'
import type { StepRunRow } from './tables'

/** So many values stand in the name of a run; its page lists all. */
const MOST_NAMED = 4
/** A longer text says little in a name. */
const LONGEST = 40

/** A step as it was the first time that it succeeded. */
export interface FirstOfStep {
  title: string
  parameters: Record<string, unknown>
}

type Run = Pick<LiveRun, 'id' | 'pipeline' | 'document'>

/**
 * How a step was first: what its runs are told apart from. A step that was given another id since then is still that step, where
 * the pipeline has no more than one other of its type that is gone.
 */
export function firstOfStep(ledger: Ledger, { id, pipeline, document }: Run, { step, definition }: LiveStep): FirstOfStep | null {
  const first = (stepId: string) =>
    ledger.get<Pick<StepRunRow, 'title' | 'parameters'>>(
      `SELECT s.title, s.parameters FROM step_run s JOIN pipeline_run r ON r.id = s.run_id
       WHERE s.pipeline = ? AND s.step_id = ? AND s.type = ? AND s.state = 'succeeded' AND s.run_id <> ? ORDER BY r.rowid LIMIT 1`,
      pipeline,
      stepId,
      definition.type,
      id
    )
  const former = (): string[] => {
    const kept = new Set(document.steps.map((each) => each.id))
    return ledger
      .all<{ step_id: string }>(
        "SELECT DISTINCT step_id FROM step_run WHERE pipeline = ? AND type = ? AND state = 'succeeded'",
        pipeline,
        definition.type
      )
      .map(({ step_id }) => step_id)
      .filter((stepId) => !kept.has(stepId))
  }
  const ofFormer = (): ReturnType<typeof first> => {
    const [only, ...others] = former()
    return only === undefined || others.length > 0 ? undefined : first(only)
  }
  const found = first(step.id) ?? ofFormer()
  return found ? { title: found.title, parameters: JSON.parse(found.parameters) as Record<string, unknown> } : null
}

/**
 * What a step is called in the runs that it makes. Runs of one pipeline are told apart by what differs: what each was given, and what
 * was edited in the step since it first ran. A title that outlived the edit by which it became wrong is not used.
 */
export function runTitleOf(run: Pick<LiveRun, 'document' | 'parameters'>, live: LiveStep, first: FirstOfStep | null = null): string {
  const { title, isTold } = headOf(live, first)
  const given = givenParameters(run.document, run.parameters).map(({ name }) => `${name} ${String(run.parameters[name])}`)
  const edited = first === null ? [] : editsOf(live, first.parameters).filter((edit) => !isTold(edit))
  const named = [...new Set([...given, ...edited.flatMap((edit) => sayEdit(edit, live, run.parameters))])]
  if (named.length === 0) return title
  return `${title} (${named.slice(0, MOST_NAMED).join(', ')}${named.length > MOST_NAMED ? ', ...' : ''})`.slice(0, 200)
}

/** The title, and whether it tells an edit by itself: that of the algorithm, and with it that settings of the former one are gone. */
function headOf({ step, definition, parameters }: LiveStep, first: FirstOfStep | null): { title: string; isTold(edit: Edit): boolean } {
  const ownTitle = (of: Record<string, unknown>): string => definition.titleOf?.(of as never) ?? definition.title
  const own = ownTitle(parameters)
  const isOther = first !== null && ownTitle(first.parameters) !== own
  if (step.title !== undefined && !(isOther && step.title === first.title)) return { title: step.title, isTold: () => false }
  const makesTitle = (key: string): boolean => ownTitle({ ...parameters, [key]: first?.parameters[key] }) !== own
  return { title: own, isTold: ({ place, value }) => isOther && (value === undefined || makesTitle(place[0]!)) }
}

/** A parameter of a step, or a part of one, that is not what it was; undefined where it is no more. */
interface Edit {
  place: string[]
  value: unknown
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

function editsOf({ parameters }: LiveStep, first: Record<string, unknown>): Edit[] {
  const edits: Edit[] = []
  const compare = (place: string[], after: unknown, before: unknown): void => {
    if (isDeepStrictEqual(after, before)) return
    if (!isRecord(after) || !isRecord(before)) return void edits.push({ place, value: after })
    for (const key of new Set([...Object.keys(after), ...Object.keys(before)])) compare([...place, key], after[key], before[key])
  }
  for (const key of new Set([...Object.keys(parameters), ...Object.keys(first)])) compare([key], parameters[key], first[key])
  return edits
}

/** By the parameters of the pipeline where these brought it; of what is long, or a list, only that it is another. */
function sayEdit({ place, value }: Edit, { step }: LiveStep, parameters: LiveRun['parameters']): string[] {
  const name = place.at(-1)!
  const brought = collectReferences(step.parameters).filter(({ path }) => place.every((part, index) => path[index] === part))
  const known = brought.filter((each) => Object.hasOwn(parameters, each.name))
  if (known.length > 0) return known.map((each) => `${each.name} ${String(parameters[each.name])}`)
  if (value === undefined || value === null) return [`no ${name}`]
  const text = typeof value === 'object' ? '' : String(value)
  return [text === '' || text.length > LONGEST || /[\r\n]/.test(text) ? `other ${name}` : `${name} ${text}`]
}
