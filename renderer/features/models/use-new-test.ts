import { useEffect, useState } from 'react'
import { evaluationPipeline } from '../../../main/model/model-evaluation'
import type { ModelVersionDetail } from '../../../main/model/registry'
import { useClient, useHostQuery, useInvalidate } from '../../host'

export interface NewTest {
  dataset: string
  /** SHA-256 of a version; null for the newest. */
  version: string | null
  groupColumn: string | null
}

/** Judges a registered version on other rows: starts the run, follows it, and makes what it found known. */
export function useNewTest({ name, version, run }: ModelVersionDetail) {
  const client = useClient()
  const invalidate = useInvalidate()
  const first = useHostQuery('experiments.evaluation', { id: run })
  const [runId, setRunId] = useState<string | null>(null)
  const [isStarting, setIsStarting] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const made = useHostQuery('pipelines.getRun', { runId: runId ?? '' }, { enabled: runId !== null }).data
  const isOver = made !== undefined && made.finishedAt !== null
  useEffect(() => {
    if (isOver) void invalidate(['models', 'experiments'])
  }, [isOver, invalidate])
  const start = async ({ dataset, version: asked, groupColumn }: NewTest): Promise<void> => {
    setIsStarting(true)
    setError(null)
    try {
      const evaluation = first.data
      const yaml = evaluationPipeline({
        ...{ name, version, dataset },
        ...(asked !== null && { datasetVersion: asked }),
        // Decisions are those of the first test.
        ...(evaluation && 'threshold' in evaluation && { threshold: evaluation.threshold }),
        ...(groupColumn !== null && { groupColumn })
      })
      setRunId((await client.pipelines.run({ yaml })).runId)
    } catch (refused) {
      setError(refused)
    } finally {
      setIsStarting(false)
    }
  }
  const failed = made?.steps.find(({ failure }) => failure)?.failure
  return {
    start,
    cancel: () => runId !== null && void client.pipelines.cancel({ runId }),
    isRunning: isStarting || (runId !== null && !isOver),
    progress: made?.steps.find(({ state }) => state === 'running')?.progress ?? null,
    error: error ?? failed ?? null,
    isDone: isOver && made.state === 'succeeded'
  }
}
