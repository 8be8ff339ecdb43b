import { WorkbenchError } from '../../model/errors'
import { whyNoFeature, type DatasetColumn, type WorkProgress } from '../../model/dataset'
import { didYouMean } from '../../model/near-names'
import type { TaskName } from '../../model/tasks'
import type { QualityFinding, QualityOptions, QualityReport } from '../../model/quality'
import type { AnalysisTable } from './analysis-table'
import { checkCompleteness } from './check-completeness'
import { checkImports, importedFigures, type ImportLosses } from './check-import'
import { checkLeakage } from './check-leakage'
import { checkRedundancy } from './check-redundancy'
import { checkRows, outcomeClasses } from './check-rows'
import { checkStructure } from './check-structure'
import { checkText } from './check-text'
import { checkTimes } from './check-times'
import { checkValues } from './check-values'
import { looked, splitFindings } from './check-split'
import { sortFindings } from './finding'
import type { SplitCheck } from '../../model/split-check'
import type { ProfiledTable } from './profile-table'
import { settleFindings } from './settle-findings'
import { otherQuestions, type LeakQuestion } from './questions'
import { checkTarget, deriveTarget, targetSummary, type BinaryTarget } from './target'
import type { Sha256 } from '../../model/reference'

export interface Subject {
  /** How the table is called in the report. */
  subject: string
  sha256: Sha256
  /** Dates after this are in the future. */
  now: Date
  /** What ties the table to rows held back from it. */
  split?: SplitCheck
  /** What the import lost, if the table is one that was imported, or is made of such. */
  imports?: readonly ImportLosses[]
}

/** Runs every check on a profiled table. Findings are values; only wrong options throw (INVALID_INPUT). */
export async function checkQuality(
  table: AnalysisTable,
  { profile, pairs }: ProfiledTable,
  { subject, sha256, now, split, imports = [] }: Subject,
  options: QualityOptions = {},
  onProgress: (progress: WorkProgress) => void = () => {}
): Promise<QualityReport> {
  for (const name of [...(options.features ?? []), ...(options.key ?? [])])
    if (!table.column(name))
      throw new WorkbenchError(
        'INVALID_INPUT',
        `There is no column "${name}".${didYouMean(
          name,
          table.columns.map((each) => each.name)
        )} Choose among the dataset's columns.`,
        {
          details: { column: name }
        }
      )
  const questions = await otherQuestions(table, profile, options.target)
  const target = await deriveTarget(table, options.target)
  const asked = options.target && table.column(options.target.column)
  if (asked)
    for (const column of table.columns)
      if (column === asked || column.role === 'target') column.role = column === asked ? 'target' : 'ignored'
  const learned = table.columns.filter((column) => whyNoFeature(column) === null)
  const features = (options.features ?? learned.filter(({ role }) => role === 'feature').map(({ name }) => name)).filter(
    (f) => f !== target?.column.name
  )
  const featureSet = new Set(features)
  // A training reads these too unless it is told not to, so a leak in them must be known; what is said of features otherwise is not about them.
  const dividing = options.features ? [] : learned.filter(dividesRows).map(({ name }) => name)
  const keys = options.key ? [options.key] : table.columns.filter((c) => c.role === 'identifier').map((c) => [c.name])
  const step = (fraction: number, message: string): void => onProgress({ fraction, message })
  step(0, 'Checking completeness')
  const findings = await checkCompleteness(table, profile, keys, target)
  step(0.25, 'Checking texts')
  findings.push(...(await checkText(table, profile)))
  step(0.45, 'Checking values')
  findings.push(...(await checkValues(table, profile, await outcomeClasses(table, profile))), ...(await checkTimes(table, profile, now)))
  step(0.6, 'Checking the structure')
  findings.push(...(await checkStructure(table, profile, featureSet, pairs)), ...(await checkRedundancy(table, profile, pairs)))
  findings.push(...(await checkRows(table, profile, featureSet)))
  step(0.8, 'Checking the target and leakage')
  // Of a target that is said to be no yes or no there is no event to be rare.
  const isOther = options.target?.task !== undefined && options.target.task !== 'binary'
  findings.push(...(await checkTarget(table, target, table.columns, { hasEvent: !isOther, objective: options.target?.objective })))
  findings.push(
    ...(await checkLeakage(table, profile, isOther ? undefined : target, new Set([...features, ...dividing]), { questions, pairs })).map(
      (found) => (found.columns.some((name) => dividing.includes(name)) ? asDividing(found) : found)
    )
  )
  if (split) findings.push(...splitFindings(split))
  findings.push(...(await checkImports(table, imports, target)))
  const sorted = sortFindings(settleFindings(findings).map((f) => soften(f, table)))
  const count = (severity: string): number => sorted.filter((f) => f.severity === severity).length
  return {
    format: 'drydock-quality/1',
    subject,
    sha256,
    rows: table.rows,
    columnCount: table.columns.length,
    target: isOther ? null : targetSummary(target),
    ...soughtIn(questions, isOther ? undefined : target),
    features: [...features, ...dividing],
    ...importedFigures(imports),
    counts: { error: count('error'), warning: count('warning'), info: count('info') },
    findings: sorted,
    pairs,
    ...(split && looked(split) && { split })
  }
}

/** For which kinds of question of which column leaks were looked for. */
function soughtIn(questions: readonly LeakQuestion[], target: BinaryTarget | undefined): Pick<QualityReport, 'sought'> {
  const column = target?.column ?? questions[0]?.column
  const tasks: TaskName[] = [...(target ? (['binary'] as const) : []), ...questions.map(({ task }) => task)]
  return column ? { sought: { column: column.name, tasks } } : {}
}

/** Says when a row was or to what it belongs, and may be learned from. */
const dividesRows = ({ role }: DatasetColumn): boolean => role === 'time' || role === 'group'

/** A leak in what divides the rows is no flaw of the table: it is one of a model that reads it, which a gate counts. */
const asDividing = (finding: QualityFinding): QualityFinding => ({
  ...finding,
  severity: 'info',
  meaning: 'The column divides the rows. A model that read it would know a group by its name, or the past by its date.',
  next: 'Leave it out where a model is trained: a training reads it unless "exclude" names it.'
})

/** What nobody uses is worth a note, not a warning. */
function soften(finding: QualityFinding, table: AnalysisTable): QualityFinding {
  const unused = finding.columns.length > 0 && finding.columns.every((name) => table.column(name)?.role === 'ignored')
  return unused && finding.severity === 'warning' && !finding.kind.startsWith('leakage') ? { ...finding, severity: 'info' } : finding
}
