import type { DatasetDetail } from '../../../main/model/dataset'
import type { QualityReportDetail, TargetSpec } from '../../../main/model/quality'
import { useClient } from '../../host'
import { findingCounts } from '../../evidence'
import { navigate, showToast } from '../../ui'
import { startWork, useWork } from './background-work'

interface Asked {
  target: TargetSpec | undefined
  /** Whether what it comes to is on screen at its end; a toast tells it otherwise. */
  isShown: () => boolean
  onMade: (made: QualityReportDetail) => void
}

/** Starts a quality check of a version, of which there is one at a time. */
export function useStartCheck({ version }: DatasetDetail): (asked: Asked) => void {
  const client = useClient()
  const work = useWork('quality')
  return ({ target, isShown, onMade }) => {
    if (work?.running) {
      showToast({
        status: 'info',
        title: `A quality check of ${work.subject} is running.`,
        text: 'Start this one when it is done, or stop that one.'
      })
      return
    }
    const call = (signal: AbortSignal) => client.quality.run({ ref: version.ref, options: target ? { target } : {} }, { signal })
    void startWork('quality', version.ref, call, {
      isShown,
      onDone: (made) => {
        onMade(made)
        if (!isShown()) tell(made)
      }
    })
  }
}

const tell = (made: QualityReportDetail) =>
  showToast({
    status: made.counts.error > 0 ? 'warn' : 'ok',
    title: `The quality of ${made.dataset} was checked.`,
    text: `${findingCounts(made.counts)}.`,
    action: { label: 'Show', run: () => navigate('data', [made.dataset], { tab: 'quality' }) }
  })
