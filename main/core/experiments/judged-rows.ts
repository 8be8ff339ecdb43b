import { z } from 'zod'
import type { RunId, Sha256 } from '../../model/reference'
import type { Ledger } from '../../storage/ledger/ledger'
import type { WorkspaceContext } from '../workspace'

/** Only what is counted: documents of every version have it, and thousands are read at once. */
const judgedRows = z.object({ rows: z.object({ judged: z.number() }), rowsShared: z.number().nullish() })

/** Keeps with a run how many rows it was judged on and how many of them its model learned from. */
export const putJudgedRows = (ledger: Ledger, run: RunId, { rows, rowsShared }: z.infer<typeof judgedRows>): void =>
  ledger.run('UPDATE run SET rows_judged = ?, rows_shared = ? WHERE id = ?', rows.judged, rowsShared ?? null, run)

/**
 * Runs that were judged before the ledger had these counts get them from their evaluation, once. Where the document is gone or cannot be
 * read they stay unknown.
 */
export async function fillJudgedRows({ ledger, objects }: Pick<WorkspaceContext, 'ledger' | 'objects'>): Promise<void> {
  const missing = ledger.all<{ run: RunId; sha256: Sha256 }>(
    `SELECT run.id AS run, run_artifact.sha256 FROM run JOIN run_artifact ON run_artifact.run_id = run.id
     WHERE run.rows_judged IS NULL AND run_artifact.kind = 'evaluation'`
  )
  const found: { run: RunId; counts: z.infer<typeof judgedRows> }[] = []
  for (const { run, sha256 } of missing) {
    const bytes = await objects.read(sha256).catch(() => null)
    const counts = judgedRows.safeParse(parsed(bytes))
    if (counts.success) found.push({ run, counts: counts.data })
  }
  if (found.length > 0) ledger.transaction(() => found.forEach(({ run, counts }) => putJudgedRows(ledger, run, counts)))
}

function parsed(bytes: Buffer | null): unknown {
  try {
    return bytes && JSON.parse(bytes.toString('utf8'))
  } catch {
    return null
  }
}
