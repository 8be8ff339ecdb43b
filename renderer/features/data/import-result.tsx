import { ArrowRight, ShieldCheck, TableProperties } from 'lucide-react'
import type { ImportResult } from '../../../main/model/dataset'
import { RefChip } from '../../evidence'
import { Badge, Button, formatCount, KeyValueList, navigate, Page, PageHeader, Panel, SizeText, Stat } from '../../ui'
import { useDataState } from './data-store'
import { NoticeList } from './notice-list'

/** What an import brought: the version, its rows, the rows that did not parse. */
export function ImportResultView({ result, onNext, onClose }: { result: ImportResult; onNext: () => void; onClose: () => void }) {
  const { dataset, version, created } = result
  const waiting = useDataState((state) => state.waiting)
  const go = (query: Record<string, string> = {}) => {
    onClose()
    navigate('data', [dataset.name], query)
  }
  return (
    <Page
      scroll
      header={
        <PageHeader
          title={`${dataset.name} is imported`}
          status={
            created ? (
              <Badge status="ok">Version {version.number}</Badge>
            ) : (
              <Badge status="info" tooltip="The same bytes and settings give the same version, so nothing was added.">
                Version {version.number} was there already
              </Badge>
            )
          }
          actions={
            <>
              <Button onClick={onClose}>Close</Button>
              <Button onClick={onNext}>{waiting.length > 0 ? `Next file (${waiting.length})` : 'Import another file'}</Button>
            </>
          }
          primary={
            <Button variant="primary" icon={ArrowRight} onClick={() => go()}>
              Open the dataset
            </Button>
          }
        />
      }
    >
      <div className="mx-auto flex max-w-240 flex-col gap-4 p-4">
        <div className="grid grid-cols-4 gap-4">
          <Stat label="Rows" value={version.rows} />
          <Stat label="Columns" value={version.columns.length} />
          <Stat
            label="Bad rows"
            value={version.badRows}
            explain="Rows that did not parse. They are kept in the bad-row report and not in the dataset."
          />
          <div>
            <div className="text-caption text-muted">Size</div>
            <div className="text-figure font-semibold">
              <SizeText bytes={version.bytes} />
            </div>
          </div>
        </div>
        {version.badRows > 0 && (
          <div role="note" className="flex items-center gap-3 rounded-md border bg-warn-soft p-3">
            <p className="min-w-0 flex-1">
              {formatCount(version.badRows, 'row')} of {version.source?.name ?? 'the file'} did not parse and{' '}
              {version.badRows === 1 ? 'is' : 'are'} not in the dataset. The bad-row report has each with its line and reason.
            </p>
            <Button onClick={() => go({ tab: 'bad-rows' })}>Show the bad rows</Button>
          </div>
        )}
        <Panel title="Version">
          <KeyValueList
            items={[
              { label: 'Reference', value: <RefChip reference={version.ref} /> },
              { label: 'SHA-256', value: version.sha256, mono: true },
              version.source && { label: 'Source file', value: version.source.name },
              version.source && { label: 'Source SHA-256', value: version.source.sha256, mono: true }
            ]}
          />
        </Panel>
        <Panel>
          <NoticeList notices={version.notices} title="Notices of the import" empty="Nothing unusual was found while reading." />
        </Panel>
        <Panel title="Next steps">
          <div className="flex flex-wrap gap-2">
            <Button icon={ShieldCheck} onClick={() => go({ tab: 'quality' })}>
              Check the quality
            </Button>
            <Button icon={TableProperties} onClick={() => go({ tab: 'columns' })}>
              Set roles and when values are known
            </Button>
          </div>
        </Panel>
      </div>
    </Page>
  )
}
