import { FileDown } from 'lucide-react'
import type { ImportPreview } from '../../../main/model/dataset'
import { Button, fileNameOf, formatCount, Page, PageHeader, PendingPage, SizeText, Skeleton } from '../../ui'
import { useDataState, type ImportDraft } from './data-store'
import { ImportForm } from './import-form'
import { forgetWork } from './background-work'
import { LeaveOutButton } from './leave-out'
import { ImportTables } from './import-tables'
import { useImport } from './use-import'
import { WorkStatus } from './work-status'

export interface ImportDraftPageProps {
  draft: ImportDraft
  onChoose: () => void
  onLeave: () => void
}

/** What an import would make of the chosen file, what can be decided about it, and the import itself. */
export function ImportDraftPage({ draft, onChoose, onLeave }: ImportDraftPageProps) {
  const waiting = useDataState((state) => state.waiting)
  const { preview, shown, name, nameError, existing, canStart, start, work } = useImport(draft)
  const running = work?.running ?? false
  const header = (
    <PageHeader
      title={`Import ${fileNameOf(draft.path)}`}
      status={
        <>
          {shown && <PreviewStatus preview={shown} />}
          {waiting.length > 0 && <span className="truncate">{formatCount(waiting.length, 'more file')} after this one</span>}
        </>
      }
      actions={
        <>
          <Button onClick={onChoose} disabled={running}>
            Choose another file
          </Button>
          <Button onClick={() => (running ? work?.cancel() : onLeave())}>{running ? 'Stop the import' : 'Cancel'}</Button>
        </>
      }
      primary={
        <Button variant="primary" icon={FileDown} loading={running} disabled={!canStart} onClick={start}>
          {existing ? 'Import as a new version' : 'Import'}
        </Button>
      }
    />
  )
  if (preview.error)
    return (
      <PendingPage
        header={header}
        query={preview}
        action={
          <>
            <LeaveOutButton error={preview.error} />
            <Button onClick={onChoose}>Choose another file</Button>
          </>
        }
      />
    )
  // At 200% zoom of a small screen both tables keep rows in view: then the part that holds them scrolls.
  return (
    <Page header={header}>
      <WorkStatus work={work} label={`Importing ${work?.subject}`} onRetry={start} action={leaveOut} />
      {shown ? (
        <div className="min-h-0 flex-1 overflow-y-auto">
          <fieldset disabled={running} className="flex h-full min-h-100 min-w-0">
            <legend className="sr-only">How the file is read</legend>
            <ImportForm draft={draft} preview={shown} name={name} nameError={nameError} existing={existing} onSubmit={start} />
            <ImportTables draft={draft} preview={shown} refreshing={preview.isFetching} />
          </fieldset>
        </div>
      ) : (
        <Skeleton lines={8} />
      )}
    </Page>
  )
}

const leaveOut = (error: unknown) => <LeaveOutButton small error={error} onDone={() => forgetWork('import')} />

function PreviewStatus({ preview }: { preview: ImportPreview }) {
  return (
    <>
      <span>{formatNames[preview.format]}</span>
      <SizeText bytes={preview.size} />
      <span className="truncate">
        {preview.complete ? '' : 'about '}
        {formatCount(preview.rowEstimate, 'row')}, {formatCount(preview.columns.length, 'column')}
      </span>
    </>
  )
}

const formatNames: Record<ImportPreview['format'], string> = {
  csv: 'CSV',
  tsv: 'TSV',
  parquet: 'Parquet',
  jsonl: 'JSON lines',
  json: 'JSON',
  arrow: 'Arrow',
  derived: 'Derived'
}
