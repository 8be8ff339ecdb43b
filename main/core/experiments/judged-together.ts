import { WorkbenchError } from '../../model/errors'
import type { RunDetail } from '../../model/run'
import type { RunId, Sha256 } from '../../model/reference'
import { assertDigest } from '../../storage/objects/digest-check'
import { taskOf, type FiledRun, type RowComparison } from '../tasks'
import type { WorkspaceContext } from '../workspace'
import { measureApart } from './compare-apart'
import { digestOf, judgedBy, whyApart, type JudgedBy } from './rules-of-runs'

/** What the scores of single rows tell of runs that were judged on one table. */
export interface JudgedTogether {
  /** Place of each run among those that are compared row by row. */
  places: ReadonlyMap<RunId, number>
  comparison: RowComparison | null
  /** Runs whose rows or outcomes are others, though the table is the same. */
  elsewhere: ReadonlySet<RunId>
  /** Why a metric of two runs is not one question, whether or not their rows can be read; null where it is. */
  whyApart?(key: string, a: RunId, b: RunId): string | null
  warnings: string[]
}

export interface TogetherOptions {
  signal?: AbortSignal
  onProgress?: (share: number) => void
}

interface Filed {
  /** What the task asks of a run that is compared. */
  asked: FiledRun
  run: RunDetail
  evaluation: Sha256
  task: string | undefined
  rows: number
}

/** Rows of all runs together from which on another process looks at them: fewer take less time than it takes to start. */
const rowsApart = 10_000
const REMEMBERED = 8

/** Evaluations that were compared, by digest: the place of each is its place in the comparison. */
interface Remembered {
  evaluations: readonly Sha256[]
  /** Those that were judged on other rows than these. */
  elsewhere: readonly Sha256[]
  comparison: RowComparison | null
}

/**
 * Compares runs by the scores that their evaluations kept. The same evaluations are not compared twice: what was found stays in memory for
 * the next look, in whatever order and with whatever baseline they are asked for, and for some of them alone.
 */
export function createJudgedTogether({ objects }: Pick<WorkspaceContext, 'objects'>) {
  let remembered: Remembered[] = []
  const unread = (run: RunDetail, why: string): string =>
    `${run.name}: the scores of its rows cannot be read, so it is compared as if it was judged on rows of its own. ${why}`

  /** A run with the file of its scores; null where its evaluation kept none, with a warning where they are gone or were changed. */
  async function filed(run: RunDetail, judged: Map<RunId, JudgedBy>, warnings: string[]): Promise<Filed | null> {
    const [sha256, scores] = [digestOf(run, 'evaluation'), digestOf(run, 'row-scores')]
    if (sha256 === undefined) return null
    try {
      const own = (await judgedBy(objects, run))!
      judged.set(run.id, own)
      if (scores === undefined) return null
      await assertDigest(objects.pathOf(scores), scores, `The scores of the rows that "${run.name}" was judged on`)
      const { task, rows } = own
      return { run, evaluation: sha256, task, rows, asked: { path: objects.pathOf(scores), ...own.asked } }
    } catch (error) {
      if (!(error instanceof WorkbenchError)) throw error
      if (scores !== undefined) warnings.push(unread(run, error.message))
      return null
    }
  }

  async function compare(found: readonly Filed[], options: TogetherOptions, warnings: string[]): Promise<Remembered> {
    const evaluations = found.map(({ evaluation }) => evaluation)
    const [first] = found
    const isKnown = ({ evaluations: same, elsewhere }: Remembered): boolean =>
      same.includes(evaluations[0]!) && evaluations.every((each) => same.includes(each) || elsewhere.includes(each))
    const known = remembered.find(isKnown)
    if (known) return known
    const { paired } = taskOf(first!)
    const runs = found.map(({ asked }) => asked)
    const rows = found.reduce((sum, each) => sum + each.rows, 0)
    const { unreadable, onSameRows, tooMany, measured } = await (rows < rowsApart
      ? paired.measure(runs, options)
      : measureApart({ task: first!.task, runs }, options))
    for (const [index, why] of unreadable.entries()) if (why !== null) warnings.push(unread(found[index]!.run, why))
    if (tooMany)
      warnings.push('There are too many rows to compare the runs row by row; they are compared as if each was judged on rows of its own.')
    return {
      evaluations: measured ? evaluations.filter((_, index) => onSameRows[index]) : [],
      elsewhere: evaluations.filter((_, index) => !onSameRows[index] && unreadable[index] === null),
      comparison: measured ? paired.compare(measured) : null
    }
  }

  /** Runs that were judged on one table, the one first that others are held against. Throws CANCELLED. */
  return async (runs: readonly RunDetail[], options: TogetherOptions = {}): Promise<JudgedTogether> => {
    const warnings: string[] = []
    const found: Filed[] = []
    const judged = new Map<RunId, JudgedBy>()
    for (const run of runs) {
      const one = await filed(run, judged, warnings)
      if (one) found.push(one)
    }
    const shared = { whyApart: (key: string, a: RunId, b: RunId) => whyApart(key, judged.get(a), judged.get(b)), warnings }
    if (found.length < 2) return { places: new Map(), comparison: null, elsewhere: new Set(), ...shared }
    const told = await compare(found, options, warnings)
    if (told.comparison) remembered = [told, ...remembered.filter((each) => each !== told)].slice(0, REMEMBERED)
    const some = (evaluations: readonly Sha256[]) => found.filter(({ evaluation }) => evaluations.includes(evaluation))
    const elsewhere = new Set(some(told.elsewhere).map(({ run }) => run.id))
    const same = some(told.evaluations)
    if (same.length < 2) return { places: new Map(), comparison: null, elsewhere, ...shared }
    const places = new Map(same.map(({ run, evaluation }) => [run.id, told.evaluations.indexOf(evaluation)]))
    return { places, comparison: told.comparison, elsewhere, ...shared }
  }
}
