import { useEffect, useState } from 'react'
import type { DatasetDetail } from '../../../main/model/dataset'
import { useHostQuery, useInvalidate } from '../../host'
import { parseLocation } from '../../ui'
import { useWork } from './background-work'
import { dataStore } from './data-store'
import { whyOutdated } from './report-age'
import { useStartCheck } from './start-check'
import { targetSpec, type TargetDraft } from './target-fields'

/** The quality reports of one version, which of them is shown, and the check that makes another. */
export function useQualityCheck(detail: DatasetDetail) {
  const { version } = detail
  const begin = useStartCheck(detail)
  const invalidate = useInvalidate()
  const reports = useHostQuery('quality.list', { dataset: detail.name })
  const work = useWork('quality')
  const mine = work?.subject === version.ref ? work : undefined
  const [target, setTarget] = useState<TargetDraft>(() => ({
    column: version.columns.find((column) => column.role === 'target')?.name ?? null,
    event: '',
    task: null
  }))
  const [chosen, setChosen] = useState<string | null>(null)
  const ofVersion = (reports.data ?? []).filter((report) => report.sha256 === version.sha256)
  const shownId = ofVersion.find((report) => report.id === chosen)?.id ?? ofVersion[0]?.id ?? reports.data?.[0]?.id ?? null
  const report = useHostQuery('quality.get', { id: shownId ?? '' }, { enabled: shownId !== null })
  const isShown = () => {
    const { area, path, query } = parseLocation(window.location.hash)
    return area === 'data' && path[0] === detail.name && query['tab'] === 'quality'
  }
  const start = () =>
    begin({
      target: targetSpec(target),
      isShown,
      onMade: (made) => {
        void invalidate(['quality'])
        setChosen(made.id)
      }
    })
  useEffect(() => {
    if (dataStore.getState().checkNow !== detail.id) return
    dataStore.setState({ checkNow: null })
    start()
  })
  const outdated = report.data ? whyOutdated(report.data, detail) : null
  return {
    outdated,
    reports,
    ofVersion,
    shownId,
    choose: setChosen,
    report,
    work: mine,
    running: mine?.running ?? false,
    target,
    setTarget,
    start
  }
}
