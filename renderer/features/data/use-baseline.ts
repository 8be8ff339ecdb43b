import { useEffect, useState } from 'react'
import type { Baseline } from '../../../main/model/baseline'
import type { DatasetDetail } from '../../../main/model/dataset'
import type { TargetValue, TaskName } from '../../../main/model/tasks'
import type { Algorithm } from '../../../main/model/training'
import { useClient, useHostQuery, useInvalidate } from '../../host'
import { navigate } from '../../ui'

/** A first model of a dataset: what it could predict, the documents that lead to it, and the run of them. */
export function useBaseline({ name: dataset, version }: DatasetDetail) {
  const client = useClient()
  const invalidate = useInvalidate()
  // Roles, reports and policies may have changed since these were last asked for, and a baseline rests on all of them.
  useEffect(() => void invalidate(['pipelines']), [invalidate])
  const targets = useHostQuery('pipelines.baselineTargets', { dataset })
  const [chosen, setTarget] = useState<string | null>(null)
  const [event, setEvent] = useState<TargetValue>()
  const [task, setTask] = useState<TaskName>()
  const [algorithm, setAlgorithm] = useState<Algorithm>()
  const [isStarting, setIsStarting] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const target = chosen ?? targets.data?.suggested ?? null
  const draft = useHostQuery(
    'pipelines.baseline',
    {
      dataset,
      target: target ?? '',
      ...(event !== undefined && { event }),
      ...(task !== undefined && { task }),
      ...(algorithm !== undefined && { algorithm })
    },
    { enabled: target !== null && !isStarting }
  )
  /** Writes the documents and runs them. Each is whole by itself: what was written before a refusal can be used or put in the trash. */
  const train = async ({ columns, policy, pipeline, name: made, again }: Baseline): Promise<void> => {
    setIsStarting(true)
    setError(null)
    try {
      if (columns.length > 0) await client.datasets.setColumns({ ref: version.ref, columns })
      if (!again?.keepsPolicy) await client.policies.save({ text: policy })
      await client.pipelines.save({ yaml: pipeline })
      const { runId } = await client.pipelines.run({ name: made })
      navigate('pipelines', [made, 'runs', runId])
    } catch (refused) {
      setError(refused)
    } finally {
      setIsStarting(false)
      void invalidate(['datasets', 'policies', 'pipelines'])
    }
  }
  return {
    targets,
    target,
    setTarget: (next: string | null) => {
      setTarget(next)
      setEvent(undefined)
      setTask(undefined)
      setAlgorithm(undefined)
    },
    draft,
    setEvent,
    // Another kind of question may have other ways to answer it.
    setTask: (next: TaskName) => {
      setTask(next)
      setAlgorithm(undefined)
    },
    setAlgorithm,
    isStarting,
    error: error ?? targets.error ?? draft.error,
    train
  }
}
