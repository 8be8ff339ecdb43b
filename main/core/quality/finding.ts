import type { FindingExample, FindingKind, FindingSeverity, QualityFinding } from '../../model/quality'

export interface FindingInput {
  kind: FindingKind
  severity: FindingSeverity
  columns: string[]
  title: string
  what: string
  meaning: string
  next: string
  count: number
  /** Rows the count is a share of. */
  of: number
  examples?: FindingExample[]
  evidence?: QualityFinding['evidence']
  /** Tells findings of one kind and column apart. */
  detail?: string
}

/** A finding with a stable id, its share, and at most 10 examples. */
export function createFinding({ of, examples = [], evidence = {}, detail, ...rest }: FindingInput): QualityFinding {
  return {
    ...rest,
    id: [rest.kind, ...rest.columns, ...(detail === undefined ? [] : [detail])].join(':'),
    share: of > 0 ? Math.min(1, rest.count / of) : 0,
    examples: examples.slice(0, 10).map((e) => ({ row: e.row, value: e.value.slice(0, 200) })),
    evidence,
    code: rest.kind
  }
}

const order = { error: 0, warning: 1, info: 2 }
/** Errors first, then by share of rows, then by id. */
export const sortFindings = (findings: QualityFinding[]): QualityFinding[] =>
  findings
    .map((finding) => ({ ...finding, code: finding.kind }))
    .sort((a, b) => order[a.severity] - order[b.severity] || b.share - a.share || (a.id < b.id ? -1 : 1))

export const percent = (share: number): string => `${(share * 100).toFixed(share > 0 && share < 0.01 ? 2 : 1)}%`
export const rounded = (value: number, digits = 4): number => Number(value.toPrecision(digits))
export { countOf } from '../../model/count-of'
