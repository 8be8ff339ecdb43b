import type { QualityReport } from '../../../../model/quality'
import type { Database } from '../../../../storage/duckdb/database'
import { quoteText } from '../../../../model/sql-quoting'
import type { SplitRoles } from '../../column-roles/split-roles'
import type { StepInput } from '../../define-step'

/** The checks that it takes, loaded on demand. */
export async function loadSplitChecks() {
  const { checkSplit, looked, splitFindings } = await import('../../../quality')
  return { checkSplit, looked, splitFindings }
}

/** A quality report of the divided table that says what ties the test to the training rows; without roles there is nothing to look for. */
export async function qualityOfSplit(
  db: Database,
  table: StepInput,
  parts: { train: string; test: string },
  roles: SplitRoles | undefined,
  signal: AbortSignal
): Promise<QualityReport> {
  const { checkSplit, looked, splitFindings } = await loadSplitChecks()
  const [total] = await db.all<{ n: number }>(`SELECT count(*) AS n FROM read_arrow(${quoteText(table.path)})`)
  const check = roles && (await checkSplit(db, { training: [parts.train], judged: parts.test }, roles, signal))
  const findings = check ? splitFindings(check) : []
  const bySeverity = (severity: string): number => findings.filter((finding) => finding.severity === severity).length
  return {
    format: 'drydock-quality/1',
    subject: 'split',
    sha256: table.sha256,
    rows: Number(total!.n),
    columnCount: (await db.describe(`SELECT * FROM read_arrow(${quoteText(table.path)})`)).length,
    target: null,
    features: [],
    counts: { error: bySeverity('error'), warning: bySeverity('warning'), info: bySeverity('info') },
    findings,
    ...(check && looked(check) && { split: check })
  }
}
