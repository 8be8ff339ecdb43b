import type { FindingKind, QualityFinding } from '../../model/quality'

const disguised: FindingKind[] = ['date-as-text', 'ambiguous-date', 'number-as-text', 'mixed-units']

/** A finding of the first kind says nothing new of a column about which one of the others was found: it is the same flaw seen from another side. */
const explainedBy: Partial<Record<FindingKind, FindingKind[]>> = {
  'identifier-as-feature': [...disguised, 'outcome-order', 'personal-data', 'truncated', 'several-values'],
  'high-cardinality': [...disguised, 'mixed-types', 'identifier-as-feature', 'personal-data', 'truncated', 'several-values', 'lost-zeros'],
  'rare-categories': [
    ...disguised,
    'mixed-types',
    'identifier-as-feature',
    'near-constant',
    'high-cardinality',
    'several-values',
    'personal-data'
  ],
  missing: ['target-missing'],
  'misspelt-categories': disguised,
  'number-as-text': ['mixed-units'],
  'mixed-types': ['mixed-units', 'lost-zeros', 'several-words'],
  placeholder: ['number-as-text', 'mixed-types'],
  'value-spike': ['stuck-values'],
  clipped: ['stuck-values'],
  'near-constant': ['zero-inflated', 'misspelt-categories', 'case-variants', 'mojibake'],
  'leakage-suspected': ['outcome-order'],
  'time-order': ['outcome-order'],
  blanks: ['number-as-text', 'date-as-text', 'truncated']
}
/** Flaws of single values: where they are all that is rare in a column, that it has rare values is no flaw of its own. */
const ofValues: FindingKind[] = [
  'misspelt-categories',
  'case-variants',
  'mojibake',
  'placeholder',
  'blanks',
  'footnote-marks',
  'target-labels',
  'several-words',
  'header-rows',
  'spreadsheet-damage',
  'markup',
  'test-entries'
]

/** One problem is one finding: what another finding explains is left out, and what belongs together is said once. */
export function settleFindings(findings: readonly QualityFinding[]): QualityFinding[] {
  const about = (column: string, kinds: readonly FindingKind[]): QualityFinding[] =>
    findings.filter((f) => kinds.includes(f.kind) && f.columns.includes(column))
  const total = findings.find((f) => f.kind === 'total-row')?.examples[0]?.row
  const empty = findings.flatMap((f) => (f.kind === 'empty-rows' ? (f.evidence.rows as (number | null)[]) : []))
  const isExplained = (finding: QualityFinding): boolean => {
    const { kind, columns, count } = finding
    if (columns.length > 0 && columns.every((column) => about(column, explainedBy[kind] ?? []).length > 0)) return true
    if (kind === 'rare-categories') return about(columns[0]!, ofValues).reduce((sum, f) => sum + f.count, 0) >= 0.8 * count
    // A total below the data is far from all rows, and rows without anything in them are alike.
    if (
      ['outliers', 'impossible-values', 'target-missing', 'missing'].includes(kind) &&
      total !== undefined &&
      finding.examples.length > 0 &&
      finding.examples.every(({ row }) => row === total)
    )
      return true
    // Columns that are missing together are said so once; a sum explains why a part goes with it; a row entered twice repeats its key.
    if (['missing', 'target-missing'].includes(kind) && count <= empty.length && finding.examples.every(({ row }) => empty.includes(row)))
      return true
    if (kind === 'missing')
      return finding.evidence.stretch === undefined && about(columns[0]!, ['missing-together']).some((f) => f.count === count)
    if (kind === 'redundant')
      return findings.some((f) => f.kind === 'derived-column' && columns.every((column) => f.columns.includes(column)))
    if (kind === 'missing-together')
      return (
        findings.some((f) => f.kind === 'empty-rows' && f.count === count) ||
        findings.some((f) => f.kind === 'linear-copy' && columns.every((column) => f.columns.includes(column)))
      )
    if (kind === 'duplicate-rows') return count <= empty.length && finding.examples.every(({ row }) => empty.includes(row))
    if (kind === 'duplicate-keys') return findings.some((f) => f.kind === 'duplicate-rows' && f.count === count)
    return false
  }
  const kept = findings.filter((finding) => !isExplained(finding))
  const repeats = findings.some((f) => f.kind === 'duplicate-keys') && !kept.some((f) => f.kind === 'duplicate-keys')
  return gatherSuspicions(kept).map((f) => (f.kind === 'duplicate-rows' && repeats ? { ...f, severity: 'error' } : f))
}

/** Columns that each rank the outcome well, with nothing else against them, are one finding of each severity and kind of question. */
function gatherSuspicions(findings: readonly QualityFinding[]): QualityFinding[] {
  const isPlain = (f: QualityFinding): boolean =>
    f.kind === 'leakage-suspected' && Array.isArray(f.evidence.indicators) && f.evidence.indicators.length === 0
  const tasksOf = ({ evidence }: QualityFinding): string => JSON.stringify(evidence.tasks ?? null)
  const groups = [...new Set(findings.filter(isPlain).map((f) => `${f.severity} ${tasksOf(f)}`))]
  const gathered = groups.flatMap((group): QualityFinding[] => {
    const same = findings.filter((f) => isPlain(f) && `${f.severity} ${tasksOf(f)}` === group)
    if (same.length < 2) return same
    const columns = same.flatMap((f) => f.columns)
    return [
      {
        ...same[0]!,
        id: `leakage-suspected:${columns.join(':')}`,
        columns,
        title: `Each of ${columns.length} columns alone predicts the outcome`,
        what: same.map((f) => `"${f.columns[0]}": ${f.what}`).join(' '),
        evidence: {
          ...(same[0]!.evidence.tasks !== undefined && { tasks: same[0]!.evidence.tasks }),
          columns: same.map((f) => ({ column: f.columns[0]!, ...f.evidence, indicators: [] }))
        }
      }
    ]
  })
  return [...findings.filter((f) => !isPlain(f)), ...gathered]
}
