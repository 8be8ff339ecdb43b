import type { MetricPoint } from '../../model/pipeline-run'
import type { AttemptId, JournalWriter, ProducedFile, UsedFile } from './journal-records'
import { toPoint, type StoredPoint } from './run-metrics'
import { produced, stepCache, stepMetric, used } from './tables'

/** What attempts read and made, which of it can be taken again, and what they measured. */
export function createOutputJournal({ ledger, now }: JournalWriter) {
  return {
    produced({ runId, stepId, attempt }: AttemptId, files: ProducedFile[], inputs: UsedFile[]): void {
      const key = { run_id: runId, step_id: stepId, attempt }
      for (const { port, part, type, sha256, size, rows, mediaType, reference, run } of files)
        ledger.insert(produced, { ...key, port, part, type, sha256, size, row_count: rows, media_type: mediaType, reference, run })
      for (const { port, sha256, reference } of inputs) ledger.insert(used, { ...key, port, sha256, reference })
    },
    outputsOf({ runId, stepId, attempt }: AttemptId): ProducedFile[] {
      return ledger.all<ProducedFile>(
        'SELECT port, part, type, sha256, size, row_count AS rows, media_type AS mediaType, reference, run FROM produced WHERE run_id = ? AND step_id = ? AND attempt = ? ORDER BY rowid',
        runId,
        stepId,
        attempt
      )
    },
    remember(key: string, source: AttemptId): void {
      const { runId, stepId, attempt } = source
      ledger.insert(stepCache, { cache_key: key, run_id: runId, step_id: stepId, attempt, created_at: now() }, 'OR REPLACE')
    },
    cached(key: string): AttemptId | undefined {
      return ledger.get<AttemptId>('SELECT run_id AS runId, step_id AS stepId, attempt FROM step_cache WHERE cache_key = ?', key)
    },
    metrics({ runId, stepId, attempt }: AttemptId, points: MetricPoint[]): void {
      ledger.transaction(() => {
        for (const { name, value, step, at } of points)
          ledger.insert(stepMetric, { run_id: runId, step_id: stepId, attempt, name, value: Number.isNaN(value) ? null : value, step, at })
      })
    },
    /** The last value of each figure that an attempt reported. */
    lastMetrics({ runId, stepId, attempt }: AttemptId): MetricPoint[] {
      return ledger
        .all<StoredPoint>(
          'SELECT name, value, step, at FROM step_metric WHERE rowid IN (SELECT max(rowid) FROM step_metric WHERE run_id = ? AND step_id = ? AND attempt = ? GROUP BY name) ORDER BY name',
          runId,
          stepId,
          attempt
        )
        .map(toPoint)
    }
  }
}
