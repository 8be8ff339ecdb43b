import type { Ledger } from '../../storage/ledger/ledger'
import type { Sha256, PipelineRunId } from '../../model/reference'

/** Attempts of equal bytes that are looked at; more of them made the same from the same. */
const MAX_MAKERS = 50

interface Making {
  attempt: string
  port: string
}
interface Maker {
  run_id: PipelineRunId
  step_id: string
  attempt: number
  port: string
}

/** Attempts that made a table, itself or something upstream of it, with the port through which it descends from each. */
function makingsOf(ledger: Ledger, sha256: Sha256): { makings: Making[]; tables: Map<string, Set<Sha256>> } {
  const makings: Making[] = []
  /** Attempt -> tables it read. */
  const tables = new Map<string, Set<Sha256>>()
  const seen = new Set<string>()
  const pending = [sha256]
  while (pending.length > 0) {
    const digest = pending.pop()!
    if (seen.has(digest)) continue
    seen.add(digest)
    const makers = ledger.all<Maker>(
      `SELECT run_id, step_id, attempt, port FROM produced WHERE sha256 = ? AND part = '' AND type IN ('Table', 'FeatureSet') ORDER BY rowid LIMIT ${MAX_MAKERS}`,
      digest
    )
    for (const { run_id, step_id, attempt, port } of makers) {
      const key = `${run_id}/${step_id}/${attempt}`
      const read = ledger.all<{ sha256: Sha256 }>(
        'SELECT sha256 FROM used WHERE run_id = ? AND step_id = ? AND attempt = ?',
        run_id,
        step_id,
        attempt
      )
      const inputs = read.map((row) => row.sha256).filter((input) => input !== digest)
      makings.push({ attempt: key, port })
      tables.set(key, new Set(inputs))
      pending.push(...inputs)
    }
  }
  return { makings, tables }
}

/**
 * Tables that two tables were split from: what an attempt read whose different outputs the two are, or descend from. Without the other,
 * what an attempt with several tables read to make the one. Both are named by SHA-256.
 */
export function splitSources(ledger: Ledger, one: Sha256, other: Sha256 | null): Sha256[] {
  const first = makingsOf(ledger, one)
  const second = other === null ? undefined : makingsOf(ledger, other)
  const isSplit = ({ attempt, port }: Making): boolean =>
    second === undefined
      ? madeSeveral(ledger, attempt)
      : second.makings.some((making) => making.attempt === attempt && making.port !== port)
  const sources = new Set<Sha256>()
  for (const making of first.makings) if (isSplit(making)) for (const table of first.tables.get(making.attempt) ?? []) sources.add(table)
  return [...sources]
}

function madeSeveral(ledger: Ledger, attempt: string): boolean {
  const [runId, stepId, number] = attempt.split('/')
  const row = ledger.get<{ n: number }>(
    "SELECT count(DISTINCT sha256) AS n FROM produced WHERE run_id = ? AND step_id = ? AND attempt = ? AND part = '' AND type IN ('Table', 'FeatureSet')",
    runId,
    stepId,
    Number(number)
  )
  return (row?.n ?? 0) > 1
}
