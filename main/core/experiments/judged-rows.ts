import { z } from 'zod'
import { splitCheckSchema } from '../../model/split-check'
import type { RunId, Sha256 } from '../../model/reference'
import type { Ledger } from '../../storage/ledger/ledger'
import type { WorkspaceContext } from '../workspace'

/** Only what is counted: documents of every version have it, and thousands are read at once. */
const judgedRows = z.object({
  rows: z.object({ judged: z.number() }),
  rowsShared: z.number().nullish(),
  splitCheck: splitCheckSchema.optional()
})
type Counts = z.infer<typeof judgedRows>

/** Keeps with a run how many rows it was judged on, how many of them its model learned from, and what else ties the two. */
export const putJudgedRows = (ledger: Ledger, run: RunId, { rows, rowsShared, splitCheck }: Counts): void => {
  ledger.run('UPDATE run SET rows_judged = ?, rows_shared = ? WHERE id = ? AND rows_judged IS NULL', rows.judged, rowsShared ?? null, run)
  ledger.run('UPDATE run SET split_check = ? WHERE id = ?', JSON.stringify(splitCheck ?? null), run)
}

/**
 * Runs that were judged before the ledger had these facts get them from their evaluation, once. Where the document is gone or cannot be
 * read they stay unknown.
 */
export async function fillJudgedRows({ ledger, objects }: Pick<WorkspaceContext, 'ledger' | 'objects'>): Promise<void> {
  const missing = ledger.all<{ run: RunId; sha256: Sha256 }>(
    `SELECT run.id AS run, run_artifact.sha256 FROM run JOIN run_artifact ON run_artifact.run_id = run.id
     WHERE (run.rows_judged IS NULL OR run.split_check IS NULL) AND run_artifact.kind = 'evaluation'`
  )
  const found = new Map<Sha256, Counts>()
  for (const sha256 of new Set(missing.map((each) => each.sha256))) {
    const bytes = await objects.read(sha256).catch(() => null)
    const counts = judgedRows.safeParse(parsed(bytes))
    if (counts.success) found.set(sha256, counts.data)
  }
  if (found.size === 0) return
  ledger.transaction(() => {
    for (const { run, sha256 } of missing) {
      const counts = found.get(sha256)
      if (counts) putJudgedRows(ledger, run, counts)
    }
  })
}

function parsed(bytes: Buffer | null): unknown {
  try {
    return bytes && JSON.parse(bytes.toString('utf8'))
  } catch {
    return null
  }
}
