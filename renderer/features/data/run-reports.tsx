import { parseNamed, digestOf } from '../../../main/model/reference'
import type { RunReport } from '../../../main/model/run-report'
import type { DatasetDetail } from '../../../main/model/dataset'
import { findingCounts } from '../../evidence'
import { useHostQuery } from '../../host'
import { Button, formatUtc, Menu, navigate } from '../../ui'

/** The reports that runs of pipelines made of this dataset, each with the way to the step that made it. */
export function RunReports({ detail }: { detail: DatasetDetail }) {
  const reports = useHostQuery('pipelines.runReports', { dataset: detail.name })
  const found = reports.data ?? []
  if (found.length === 0) return null
  return (
    <Menu
      align="end"
      trigger={<Button>Reports of runs</Button>}
      entries={[
        { heading: 'Made by steps of pipelines' },
        ...found.map((report) => ({
          id: `${report.runId}/${report.stepId}`,
          label: describe(report, detail),
          onSelect: () => navigate('pipelines', [report.pipeline, 'runs', report.runId], { step: report.stepId })
        }))
      ]}
    />
  )
}

function describe({ pipeline, at, target, counts, dataset }: RunReport, { versions }: DatasetDetail): string {
  const version = versions.find(({ sha256 }) => sha256 === digestOf(dataset))
  const about = version ? `version ${version.number}` : parseNamed('dataset', dataset)?.name
  return [formatUtc(at), pipeline, about, target && `target ${target}`, counts ? findingCounts(counts) : 'no longer kept']
    .filter(Boolean)
    .join(', ')
}
