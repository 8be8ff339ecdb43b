import type { RunId } from '../../model/reference'
import type { Ledger } from '../../storage/ledger/ledger'
import type { AttemptId, HandedFile, StepPlace } from './journal-records'

type Place = { handed: string | null } & AttemptId

const placeRow = (ledger: Ledger, { run, step }: StepPlace): Place | undefined =>
  ledger.get<Place>(
    'SELECT handed, source_run AS runId, source_step AS stepId, source_attempt AS attempt FROM step_run WHERE run_id = ? AND step_id = ? AND source_run IS NOT NULL',
    run,
    step
  )

/** The attempt whose outputs a step has; undefined while it has none. */
export function sourceOf(ledger: Ledger, place: StepPlace): AttemptId | undefined {
  const row = placeRow(ledger, place)
  return row && { runId: row.runId, stepId: row.stepId, attempt: row.attempt }
}

/** What a step that succeeded was handed, by port: along the connections of its own pipeline run, also where its outputs came from the cache. */
export function handedTo(ledger: Ledger, place: StepPlace): HandedFile[] {
  const row = placeRow(ledger, place)
  if (!row) return []
  const used = usedBy(ledger, row)
  if (row.handed === null) return used.map((file) => ({ ...file, from: madeInRun(ledger, place, file) }))
  const handed = JSON.parse(row.handed) as HandedFile[]
  const other = used.filter(({ port }) => !handed.some((file) => file.port === port))
  return [...handed, ...other.map((file) => ({ ...file, from: null }))].sort((a, b) => (a.port < b.port ? -1 : 1))
}

/** What an attempt read, by port and digest. */
export const usedBy = (ledger: Ledger, { runId, stepId, attempt }: AttemptId): Omit<HandedFile, 'from'>[] =>
  ledger.all(
    'SELECT port, sha256, reference FROM used WHERE run_id = ? AND step_id = ? AND attempt = ? ORDER BY port',
    runId,
    stepId,
    attempt
  )

/** Journals of earlier programs have no connections: another step of the same pipeline run that has such an output, by name if it can be. */
function madeInRun(ledger: Ledger, { run, step }: StepPlace, { sha256, reference }: Omit<HandedFile, 'from'>): StepPlace | null {
  const found = ledger.get<StepPlace>(
    `SELECT s.run_id AS run, s.step_id AS step FROM produced p
     JOIN step_run s ON s.source_run = p.run_id AND s.source_step = p.step_id AND s.source_attempt = p.attempt
     WHERE p.sha256 = ? AND s.run_id = ? AND s.step_id <> ?
       AND NOT EXISTS (SELECT 1 FROM step_run own WHERE own.run_id = s.run_id AND own.step_id = ? AND own.type = 'source')
     ORDER BY p.reference = ? DESC, s.position LIMIT 1`,
    sha256,
    run,
    step,
    step,
    reference
  )
  return found ?? null
}

/** The step that made what another one was handed: one that only passed the bytes on is left out. */
export function makerOf(ledger: Ledger, { from, sha256 }: HandedFile): StepPlace | null {
  const seen = new Set<string>()
  let maker = from
  while (maker) {
    const before: StepPlace | null | undefined = handedTo(ledger, maker).find((file) => file.sha256 === sha256)?.from
    if (!before || seen.has(before.step)) return maker
    seen.add(before.step)
    maker = before
  }
  return null
}

/** The step that recorded a run: the one that made its model. Null when no pipeline of this workspace did. */
export const placeOfRun = (ledger: Ledger, run: RunId): StepPlace | null =>
  ledger.get<StepPlace>('SELECT pipeline_run_id AS run, step FROM runs WHERE run_id = ? AND pipeline_run_id IS NOT NULL', run) ?? null
