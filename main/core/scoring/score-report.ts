import type { ScoreReport } from '../../model/scoring'
import type { StagedTable } from '../datasets'
import type { Tally } from './score-staged'
import type { ScoredModel } from '../scored-models'

/** What was scored by what, and what was found in its columns. `seen` are all columns of the file, `columns` those of the scores. */
export function reportOf(
  { name, sha256, signature, decidesFrom }: Omit<ScoredModel, 'path' | 'reference'>,
  fileName: string,
  staged: Pick<StagedTable, 'sha256' | 'format' | 'rows' | 'lost'>,
  { checks, shift, reasons, unscored, mean, min, max }: Tally,
  { seen, keep, columns }: { seen: readonly string[]; keep: readonly string[]; columns: string[] }
): ScoreReport {
  const read = new Set([...signature.inputs.map((input) => input.name), ...keep])
  const { count, rows } = staged.lost
  return {
    schema: 'drydock.score-report',
    version: 1,
    model: { name, sha256, task: signature.task },
    file: { name: fileName, sha256: staged.sha256, format: staged.format },
    rows: staged.rows,
    unreadable: { rows: count, first: rows.slice(0, 100).map(({ line, reason }) => ({ line, reason })) },
    ignored: seen.filter((each) => !read.has(each)),
    columns: checks.columns,
    rowsWithFindings: checks.rowsWithFindings,
    findings: checks.findings,
    findingsInAll: checks.findingsInAll,
    shift,
    ...(reasons && { reasons }),
    scores: { columns: [...keep, ...columns], decidesFrom, ...(unscored !== undefined && { unscored }), mean, min, max }
  }
}
