import { ArrowRight, ShieldCheck, TableProperties } from 'lucide-react'
import type { ImportResult } from '../../../main/model/dataset'
import { RefChip } from '../../evidence'
import { Badge, Button, KeyValueList, navigate, Page, PageHeader, Panel, SizeText, Stat } from '../../ui'
import { useDataState } from './data-store'
import { misfitCount, misfitSentence } from './misfit-words'
import { NoticeList } from './notice-list'
import { RuleList, rulesTitle } from './rule-list'

/** What an import brought: the version, its rows, what changed on the way in and what did not fit. */
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
            label="Misfits"
            value={misfitCount(version)}
            explain="Cells that did not fit the type of their column, which are missing, and rows that could not be read, which were left out."
          />
          <div>
            <div className="text-caption text-muted">Size</div>
            <div className="text-figure font-semibold">
              <SizeText bytes={version.bytes} />
            </div>
          </div>
        </div>
        {misfitCount(version) > 0 && (
          <div role="note" className="flex items-center gap-3 rounded-md border bg-warn-soft p-3">
            <p className="min-w-0 flex-1">{misfitSentence(version)} Each is listed with its line, its text and the reason.</p>
            <Button onClick={() => go({ tab: 'misfits' })}>Show the misfits</Button>
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
        {(version.rules?.length ?? 0) > 0 && (
          <Panel>
            <RuleList title={rulesTitle} rules={version.rules ?? []} />
          </Panel>
        )}
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
