import { useEffect, useState } from 'react'
import { evaluationPipeline } from '../../../main/model/model-evaluation'
import type { ModelVersionDetail } from '../../../main/model/registry'
import { useClient, useHostQuery, useInvalidate, type HostClient } from '../../host'

export interface NewTest {
  dataset: string
  /** SHA-256 of a version; null for the newest. */
  version: string | null
  groupColumn: string | null
}

/** What the first test of a version found; null where it has none. */
async function firstTest(client: HostClient, { name, version, run }: Pick<ModelVersionDetail, 'name' | 'version' | 'run'>) {
  const own = await client.experiments.evaluation({ id: run })
  if (own !== null) return own
  const first = (await client.models.evaluations({ name, version })).find(({ isFirst }) => isFirst)
  return first ? client.experiments.evaluation({ id: first.run }) : null
}

/** Judges a registered version on other rows: starts the run, follows it, and makes what it found known. */
export function useNewTest({ name, version, run }: ModelVersionDetail) {
  const client = useClient()
  const invalidate = useInvalidate()
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
      const evaluation = await firstTest(client, { name, version, run })
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
