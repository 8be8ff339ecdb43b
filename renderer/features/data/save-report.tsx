import { Code, FileText, Save } from 'lucide-react'
import type { QualityReportDetail } from '../../../main/model/quality'
import { useHostCommand, useOs } from '../../host'
import { Button, formatSize, Menu, showToast, useActions } from '../../ui'

/** Writes a quality report to a file of its own. */
export function SaveReport({ report }: { report: QualityReportDetail }) {
  const os = useOs()
  const save = useHostCommand('quality.save')
  const stem = `quality-${report.dataset.replace(/[^\p{L}\p{N}_.-]+/gu, '-').slice(0, 60)}-${report.sha256.slice(0, 8)}`
  const saveAs = async (format: 'html' | 'json') => {
    const path = await os.saveFile({
      title: 'Save the quality report',
      defaultName: `${stem}.${format}`,
      extension: format,
      filters: [{ name: format === 'html' ? 'Page' : 'JSON', extensions: [format] }]
    })
    if (!path) return
    const saved = await save.run({ id: report.id, path, format })
    if (!saved) return
    showToast({
      status: 'ok',
      title: `The report was saved, ${formatSize(saved.bytes)}.`,
      text: saved.path,
      action:
        format === 'html'
          ? { label: 'Open', run: () => void os.openReport(path) }
          : { label: 'Show in folder', run: () => void os.showInFolder(path) }
    })
  }
  useActions([
    {
      id: 'data.save-report-html',
      title: 'Save the quality report as a page',
      group: 'Data',
      icon: FileText,
      run: () => void saveAs('html')
    },
    { id: 'data.save-report-json', title: 'Save the quality report as JSON', group: 'Data', icon: Code, run: () => void saveAs('json') }
  ])
  return (
    <Menu
      align="end"
      trigger={
        <Button icon={Save} loading={save.busy}>
          Save report
        </Button>
      }
      entries={[
        { id: 'html', label: 'As a page that opens in any browser', icon: FileText, onSelect: () => void saveAs('html') },
        { id: 'json', label: 'As JSON with report and profile', icon: Code, onSelect: () => void saveAs('json') }
      ]}
    />
  )
}
