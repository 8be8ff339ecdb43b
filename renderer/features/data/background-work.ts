import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'
import type { ImportResult, WorkProgress } from '../../../main/model/dataset'
import type { QualityReportDetail } from '../../../main/model/quality'
import { reportError } from '../../host'
import { isCancelled } from '../../ui'

interface Outputs {
  import: ImportResult
  quality: QualityReportDetail
}
export type WorkKind = keyof Outputs

export interface Work<K extends WorkKind = WorkKind> {
  kind: K
  /** The file or the dataset version that is worked on. */
  subject: string
  progress: WorkProgress | null
  running: boolean
  output: Outputs[K] | null
  error: unknown
  cancel: () => void
}

/** A stream of the host: progress, then the result. */
interface WorkCall<O> extends AsyncIterable<WorkProgress> {
  readonly result: Promise<O>
}

type Works = { [K in WorkKind]?: Work<K> }

/** One import and one quality check at a time. They live here and not in a page, so that they go on while another area is looked at. */
const workStore = createStore<Works>(() => ({}))

export const useWork = <K extends WorkKind>(kind: K): Work<K> | undefined =>
  useStore(workStore, (works) => works[kind]) as Work<K> | undefined
export const isWorking = (kind: WorkKind): boolean => workStore.getState()[kind]?.running ?? false
export const finishedWork = (kind: WorkKind): boolean => Boolean(workStore.getState()[kind]?.output)
export const forgetWork = (kind: WorkKind): void => {
  if (!isWorking(kind)) workStore.setState({ [kind]: undefined })
}

/** Starts work unless the same kind is running. `isShown` says at the end whether a page shows the outcome; if not, `onUnseen` tells it. */
export async function startWork<K extends WorkKind>(
  kind: K,
  subject: string,
  call: (signal: AbortSignal) => WorkCall<Outputs[K]>,
  end: { onDone: (output: Outputs[K]) => void; isShown: () => boolean }
): Promise<void> {
  if (isWorking(kind)) return
  const controller = new AbortController()
  const work: Work<K> = { kind, subject, progress: null, running: true, output: null, error: null, cancel: () => controller.abort() }
  const change = (part: Partial<Work<K>>) => {
    const present = workStore.getState()[kind]
    if (present?.cancel === work.cancel) workStore.setState({ [kind]: { ...present, ...part } })
  }
  workStore.setState({ [kind]: work })
  try {
    const stream = call(controller.signal)
    for await (const progress of stream) change({ progress })
    const output = await stream.result
    change({ running: false, output })
    end.onDone(output)
  } catch (error) {
    change({ running: false, error: isCancelled(error) ? null : error })
    if (!end.isShown()) reportError(error)
  }
}
