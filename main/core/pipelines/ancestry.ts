import type { Ledger } from '../../storage/ledger/ledger'
import type { Sha256, PipelineRunId } from '../../model/reference'
import { handedTo, sourceOf } from './handed'
import type { StepPlace } from './journal-records'

/** Attempts of equal bytes that are looked at; more of them made the same from the same. */
const MAX_MAKERS = 50

interface Making {
  attempt: string
  port: string
}
interface Makings {
  makings: Making[]
  /** Attempt -> what it read. */
  tables: Map<string, Set<Sha256>>
  /** The table itself and every table that it was made from. */
  upstream: Set<Sha256>
}
interface Maker {
  run_id: PipelineRunId
  step_id: string
  attempt: number
  port: string
}

/** Attempts that made a table, itself or something upstream of it, with the port through which it descends from each. */
function makingsOf(ledger: Ledger, sha256: Sha256): Makings {
  const makings: Making[] = []
  const tables = new Map<string, Set<Sha256>>()
  const upstream = new Set<Sha256>()
  const seen = new Set<Sha256>()
  const pending = [sha256]
  while (pending.length > 0) {
    const digest = pending.pop()!
    if (seen.has(digest)) continue
    seen.add(digest)
    const makers = ledger.all<Maker>(
      `SELECT run_id, step_id, attempt, port FROM produced WHERE sha256 = ? AND part = '' AND type IN ('Table', 'FeatureSet') ORDER BY rowid LIMIT ${MAX_MAKERS}`,
      digest
    )
    if (makers.length > 0) upstream.add(digest)
    for (const { run_id, step_id, attempt, port } of makers) {
      const key = `${run_id}/${step_id}/${attempt}`
      const read = ledger.all<{ sha256: Sha256 }>(
        'SELECT sha256 FROM used WHERE run_id = ? AND step_id = ? AND attempt = ?',
        run_id,
        step_id,
        attempt
      )
      const inputs = read.map((row) => row.sha256)
      // A step that passes a table on, as a quality check of both sides does, has not made it: what else it read is nothing it comes from.
      if (inputs.includes(digest)) continue
      makings.push({ attempt: key, port })
      tables.set(key, new Set(inputs))
      pending.push(...inputs)
    }
  }
  return { makings, tables, upstream }
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

/**
 * Whether two tables come from different places: an attempt split a table into one output that only the first descends from and another
 * that only the second does, or nothing is upstream of both. Rows that two queries drew from one table may be the same.
 */
export function areSeparated(ledger: Ledger, one: Sha256, other: Sha256): boolean {
  const [first, second] = [makingsOf(ledger, one), makingsOf(ledger, other)]
  const ports = (of: Making[], attempt: string): Set<string> =>
    new Set(of.filter((each) => each.attempt === attempt).map(({ port }) => port))
  const isSplit = first.makings.some(({ attempt }) => {
    const [ours, theirs] = [ports(first.makings, attempt), ports(second.makings, attempt)]
    return theirs.size > 0 && [...ours].every((port) => !theirs.has(port))
  })
  return isSplit || ![...first.upstream].some((table) => second.upstream.has(table))
}

/** Types through which what was learned goes on: a model that another wraps, a file that holds one in a form of its own. */
const carriesLearning = ['Model', 'File']

/** Tables that a step read, and those behind each model and file that it read, along the connections of its pipeline run. */
export function learnedFrom(ledger: Ledger, place: StepPlace): Sha256[] {
  const tables = new Set<Sha256>()
  const seen = new Set<string>()
  const pending = [place]
  while (pending.length > 0) {
    const step = pending.pop()!
    const key = JSON.stringify([step.run, step.step])
    if (seen.has(key)) continue
    seen.add(key)
    for (const { from, sha256 } of handedTo(ledger, step)) {
      const type = from && typeAt(ledger, from, sha256)
      if (type === 'Table' || type === 'FeatureSet') tables.add(sha256)
      else if (from && type && carriesLearning.includes(type)) pending.push(from)
    }
  }
  return [...tables]
}

function typeAt(ledger: Ledger, place: StepPlace, sha256: Sha256): string | undefined {
  const source = sourceOf(ledger, place)
  if (!source) return undefined
  return ledger.get<{ type: string }>(
    "SELECT type FROM produced WHERE run_id = ? AND step_id = ? AND attempt = ? AND sha256 = ? AND part = ''",
    source.runId,
    source.stepId,
    source.attempt,
    sha256
  )?.type
}
