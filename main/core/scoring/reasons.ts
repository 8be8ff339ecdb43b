import { openReasons, type ReasonSource } from '../explain'
import type { ScoredModel } from '../scored-models'

/**
 * Opens what says why rows get their scores, for as long as `work` goes on; nothing where no reason is asked for. What is usual are the
 * training rows, or where they are not at hand, rows of the table that is scored.
 * @throws WorkbenchError INVALID_INPUT, JOB_FAILED, CANCELLED, POLICY_DENIED for a program that nobody allowed to start
 */
export async function withReasons<T>(
  model: Pick<ScoredModel, 'path' | 'signature' | 'training'>,
  table: { file: string; rows: number },
  { count, programs, signal }: { count: number; programs?: 'allowed'; signal?: AbortSignal },
  work: (reasons: ReasonSource | undefined) => Promise<T>
): Promise<T> {
  if (count === 0 || table.rows === 0) return work(undefined)
  const reasons = await openReasons(model, { usual: model.training ?? table.file, rows: table.rows, count, programs, signal })
  try {
    return await work(reasons)
  } finally {
    await reasons.close()
  }
}
