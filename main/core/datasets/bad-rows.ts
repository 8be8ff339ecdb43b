import type { BadRow, BadRowReport } from '../../model/dataset'
import { withoutMarks } from './text-decoder'

const MAX_STORED = 10_000
const MAX_RAW = 2_000

/** Collects rows that did not parse: all are counted, the first 10,000 by line are kept. */
export interface BadRowCollector {
  add(row: BadRow): void
  /** Counts rows whose text is not at hand any more. */
  addCount(reason: string, count: number): void
  /** Forgets everything: the file is read again. */
  reset(): void
  readonly count: number
  report(): BadRowReport
}

export function createBadRowCollector(): BadRowCollector {
  const rows: BadRow[] = []
  const reasons = new Map<string, number>()
  let count = 0
  const tally = (reason: string, n: number): void => {
    count += n
    reasons.set(reason, (reasons.get(reason) ?? 0) + n)
  }
  return {
    add(row) {
      tally(row.reason, 1)
      const raw = withoutMarks(row.raw)
      if (rows.length < MAX_STORED) rows.push({ ...row, raw: raw.length > MAX_RAW ? `${raw.slice(0, MAX_RAW)}…` : raw })
    },
    addCount: (reason, n) => {
      if (n > 0) tally(reason, n)
    },
    reset() {
      rows.length = 0
      reasons.clear()
      count = 0
    },
    get count() {
      return count
    },
    report: () => ({
      count,
      rows: [...rows].sort((a, b) => a.line - b.line),
      reasons: [...reasons].map(([reason, n]) => ({ reason, count: n })).sort((a, b) => b.count - a.count || (a.reason < b.reason ? -1 : 1))
    })
  }
}
