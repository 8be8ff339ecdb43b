import { evaluationSchema } from '../../model/evaluation'
import { WorkbenchError } from '../../model/errors'
import type { RunDetail } from '../../model/run'
import type { RunId, Sha256 } from '../../model/reference'
import { assertDigest } from '../../storage/objects/digest-check'
import { taskOf, type RowComparison, type ScoredRun, type Task } from '../tasks'
import type { WorkspaceContext } from '../workspace'

/** What the scores of single rows tell of runs that were judged on one table. */
export interface JudgedTogether {
  /** Place of each run among those that are compared row by row. */
  places: ReadonlyMap<RunId, number>
  comparison: RowComparison | null
  /** Runs whose rows or outcomes are others, though the table is the same. */
  elsewhere: ReadonlySet<RunId>
  warnings: string[]
}

export interface TogetherOptions {
  signal?: AbortSignal
  onProgress?: (share: number) => void
}

interface Scored extends ScoredRun {
  run: RunDetail
  evaluation: Sha256
  task: Task
}

const REMEMBERED = 8
const digestOf = (run: RunDetail, kind: string): Sha256 | undefined => run.artifacts.find((artifact) => artifact.kind === kind)?.sha256

/** Evaluations that were compared, by digest: the place of each is its place in the comparison. */
interface Remembered {
  evaluations: readonly Sha256[]
  comparison: RowComparison
}

/**
 * Compares runs by the scores that their evaluations kept. The same evaluations are not compared twice: what was found stays in memory for
 * the next look, in whatever order and with whatever baseline they are asked for, and for some of them alone.
 */
export function createJudgedTogether({ objects }: Pick<WorkspaceContext, 'objects'>) {
  let remembered: Remembered[] = []

  /** A run with its scores; null where its evaluation kept none, with a warning where they are gone or were changed. */
  async function scored(run: RunDetail, warnings: string[]): Promise<Scored | null> {
    const [sha256, scores] = [digestOf(run, 'evaluation'), digestOf(run, 'row-scores')]
    if (sha256 === undefined || scores === undefined) return null
    try {
      const evaluation = evaluationSchema.parse(JSON.parse((await objects.read(sha256)).toString('utf8')))
      const task = taskOf(evaluation)
      await assertDigest(objects.pathOf(scores), scores, `The scores of the rows that "${run.name}" was judged on`)
      const { threshold, baseline, fairness } = evaluation
      const read = task.rowScores.read(objects.pathOf(scores))
      return { run, evaluation: sha256, task, threshold, scores: read, baseRate: baseline?.rate, groups: fairness ?? undefined }
    } catch (error) {
      if (!(error instanceof WorkbenchError)) throw error
      warnings.push(
        `${run.name}: the scores of its rows cannot be read, so it is compared as if it was judged on rows of its own. ${error.message}`
      )
      return null
    }
  }

  async function compare(runs: readonly Scored[], options: TogetherOptions): Promise<Remembered> {
    const evaluations = runs.map(({ evaluation }) => evaluation)
    const known = remembered.find((each) => evaluations.every((evaluation) => each.evaluations.includes(evaluation)))
    const found = known ?? { evaluations, comparison: await runs[0]!.task.paired.compare(runs, options) }
    remembered = [found, ...remembered.filter((each) => each !== found)].slice(0, REMEMBERED)
    return found
  }

  /** Runs that were judged on one table, the one first that others are held against. Throws CANCELLED. */
  return async (runs: readonly RunDetail[], options: TogetherOptions = {}): Promise<JudgedTogether> => {
    const warnings: string[] = []
    const found: Scored[] = []
    for (const run of runs) {
      const one = await scored(run, warnings)
      if (one) found.push(one)
    }
    const same = found.filter((one) => one.task.rowScores.areSame(found[0]!.scores, one.scores))
    const elsewhere = new Set(found.filter((one) => !same.includes(one)).map(({ run }) => run.id))
    const rows = same.reduce((sum, { scores }) => sum + scores.rows.length, 0)
    const tooMany = same.length > 1 && rows > same[0]!.task.paired.mostRows
    if (tooMany)
      warnings.push('There are too many rows to compare the runs row by row; they are compared as if each was judged on rows of its own.')
    if (same.length < 2 || tooMany) return { places: new Map(), comparison: null, elsewhere, warnings }
    const { evaluations, comparison } = await compare(same, options)
    const places = new Map(same.map(({ run, evaluation }) => [run.id, evaluations.indexOf(evaluation)]))
    return { places, comparison, elsewhere, warnings }
  }
}
