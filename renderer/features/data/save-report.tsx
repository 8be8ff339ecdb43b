import { Code } from 'lucide-react'
import type { QualityReportDetail } from '../../../main/model/quality'
import { SaveMenu, useSaveDocument } from '../../evidence'
import { useHostCommand, useOs } from '../../host'
import { formatSize, showToast, useActions } from '../../ui'

/** Writes a quality report to a file of its own. */
export function SaveReport({ report }: { report: QualityReportDetail }) {
  const os = useOs()
  const save = useHostCommand('quality.save')
  const { entries, actions } = useSaveDocument()
  const stem = `quality-${report.dataset.replace(/[^\p{L}\p{N}_.-]+/gu, '-').slice(0, 60)}-${report.sha256.slice(0, 8)}`
  const page = { noun: 'quality report', stem, save: (places: object) => save.run({ id: report.id, ...places }) }
  const saveJson = async () => {
    const json = await os.saveFile({
      title: 'Save the quality report',
      defaultName: `${stem}.json`,
      extension: 'json',
      filters: [{ name: 'JSON', extensions: ['json'] }]
    })
    if (!json) return
    const saved = await save.run({ id: report.id, json })
    if (!saved) return
    showToast({
      status: 'ok',
      title: `The report was saved, ${formatSize(saved.files[0].bytes)}.`,
      text: saved.files[0].path,
      action: { label: 'Show in folder', run: () => void os.showInFolder(json) }
    })
  }
  useActions([
    ...actions(page, 'data.save-report', 'Data'),
    { id: 'data.save-report-json', title: 'Save the quality report as JSON', group: 'Data', icon: Code, run: () => void saveJson() }
  ])
  return (
    <SaveMenu
      label="Save report"
      busy={save.busy}
      entries={[
        ...entries(page),
        { id: 'json', label: 'Quality report as JSON, with its profile', icon: Code, onSelect: () => void saveJson() }
      ]}
    />
  )
}
