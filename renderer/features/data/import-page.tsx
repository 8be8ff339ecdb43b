import { FileDown, FolderOpen } from 'lucide-react'
import { useEffect, useRef } from 'react'
import type { ImportPreview } from '../../../main/model/dataset'
import { datasetNameKey } from '../../../main/model/dataset'
import { useClient, useHostQuery, useInvalidate, useOs } from '../../host'
import {
  Button,
  EmptyState,
  ErrorState,
  formatCount,
  navigate,
  Page,
  PageHeader,
  parseLocation,
  Progress,
  showToast,
  SizeText,
  Skeleton
} from '../../ui'
import { forgetWork, isWorking, startWork, useWork } from './background-work'
import { importEndings } from './column-choices'
import {
  checkName,
  dataStore,
  importOptions,
  nextImport,
  previewChoices,
  queueImports,
  repeatedNames,
  useDataState,
  type ImportDraft
} from './data-store'
import { ImportForm } from './import-form'
import { ImportResultView } from './import-result'
import { ImportTables } from './import-tables'

const isImportShown = () => {
  const { area, query } = parseLocation(window.location.hash)
  return area === 'data' && query['view'] === 'import'
}

/** Chooses a file, shows what an import would make of it, imports it, and says what came out. */
export function ImportPage() {
  const os = useOs()
  const draft = useDataState((state) => state.draft)
  const askForFile = useDataState((state) => state.askForFile)
  const work = useWork('import')
  const asking = useRef(false)
  const choose = async () => {
    if (asking.current) return
    asking.current = true
    try {
      const paths = await os.openFiles({
        title: 'Import data files',
        multiple: true,
        filters: [
          { name: 'Data files', extensions: importEndings },
          { name: 'All files', extensions: ['*'] }
        ]
      })
      if (!paths?.length) return
      forgetWork('import')
      queueImports(paths)
    } finally {
      asking.current = false
    }
  }
  useEffect(() => {
    if (!askForFile) return
    dataStore.setState({ askForFile: false })
    if (!isWorking('import')) void choose()
  })
  const leave = () => {
    forgetWork('import')
    dataStore.setState({ draft: null, waiting: [] })
    navigate('data')
  }
  if (work?.output)
    return (
      <ImportResultView
        result={work.output}
        onNext={() => {
          forgetWork('import')
          if (!nextImport()) void choose()
        }}
        onClose={leave}
      />
    )
  if (!draft)
    return (
      <Page header={<PageHeader title="Import a file" actions={<Button onClick={leave}>Cancel</Button>} />}>
        <EmptyState
          icon={FileDown}
          title="Which file holds the data?"
          text="CSV, TSV, Parquet, JSON, JSON lines and Arrow. You see the types and the first 50 rows before anything is written. Files can also be dropped here."
          action={
            <Button variant="primary" icon={FolderOpen} onClick={() => void choose()}>
              Choose a file
            </Button>
          }
        />
      </Page>
    )
  return <ImportDraftPage draft={draft} onChoose={() => void choose()} onLeave={leave} key={draft.path} />
}

const fileNameOf = (path: string) => path.split(/[\\/]/).at(-1) ?? path

function ImportDraftPage({ draft, onChoose, onLeave }: { draft: ImportDraft; onChoose: () => void; onLeave: () => void }) {
  const client = useClient()
  const invalidate = useInvalidate()
  const waiting = useDataState((state) => state.waiting)
  const preview = useHostQuery('datasets.previewImport', { path: draft.path, choices: previewChoices(draft) }, { keepPrevious: true })
  const datasets = useHostQuery('datasets.list', { trashed: false })
  const work = useWork('import')
  const running = work?.running ?? false
  const shown = preview.data && !preview.error ? preview.data : null
  const name = draft.name ?? shown?.suggestedName ?? ''
  const checked = checkName(name)
  const hasRepeatedNames = shown !== null && repeatedNames(draft, shown.columns).size > 0
  const existing = checked.name
    ? datasets.data?.find((dataset) => datasetNameKey(dataset.name) === datasetNameKey(checked.name))
    : undefined
  const start = () => {
    if (!shown || !checked.name || hasRepeatedNames || running) return
    const subject = fileNameOf(draft.path)
    void startWork(
      'import',
      subject,
      (signal) => client.datasets.import({ path: draft.path, options: importOptions(draft, checked.name) }, { signal }),
      {
        isShown: isImportShown,
        onDone: ({ dataset, version }) => {
          void invalidate(['datasets'])
          dataStore.setState({ selected: dataset.id })
          if (isImportShown()) return
          showToast({
            status: version.badRows > 0 ? 'warn' : 'ok',
            title: `${subject} was imported.`,
            text: `${formatCount(version.rows, 'row')}${version.badRows > 0 ? `, ${formatCount(version.badRows, 'bad row')}` : ''}.`,
            action: { label: 'Show', run: () => navigate('data', [], { view: 'import' }) }
          })
        }
      }
    )
  }
  const fileName = fileNameOf(draft.path)
  const header = (
    <PageHeader
      title={`Import ${fileName}`}
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
        <Button variant="primary" icon={FileDown} loading={running} disabled={!shown || !checked.name || hasRepeatedNames} onClick={start}>
          {existing ? 'Import as a new version' : 'Import'}
        </Button>
      }
    />
  )
  if (preview.error)
    return (
      <Page header={header}>
        <ErrorState
          error={preview.error}
          onRetry={() => void preview.refetch()}
          action={
            <Button variant="primary" onClick={onChoose}>
              Choose another file
            </Button>
          }
        />
      </Page>
    )
  // At 200% zoom of a small screen both tables keep rows in view: then the part that holds them scrolls.
  return (
    <Page header={header}>
      {running && work && (
        <div className="border-b px-4 py-2">
          <Progress
            value={work.progress?.fraction ?? null}
            label={`Importing ${work.subject}`}
            detail={work.progress?.message}
            onCancel={work.cancel}
          />
        </div>
      )}
      {work?.error ? <ErrorState compact className="m-3 mb-0" error={work.error} onRetry={start} /> : null}
      {shown ? (
        <div className="min-h-0 flex-1 overflow-y-auto">
          <fieldset disabled={running} className="flex h-full min-h-100 min-w-0">
            <legend className="sr-only">How the file is read</legend>
            <ImportForm draft={draft} preview={shown} name={name} nameError={checked.error} existing={existing ?? null} onSubmit={start} />
            <ImportTables draft={draft} preview={shown} refreshing={preview.isFetching} />
          </fieldset>
        </div>
      ) : (
        <Skeleton lines={8} />
      )}
    </Page>
  )
}

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
