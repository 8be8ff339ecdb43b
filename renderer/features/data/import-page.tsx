import { FileDown, FolderOpen } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { useOs } from '../../host'
import { Button, EmptyState, navigate, Page, PageHeader } from '../../ui'
import { forgetWork, isWorking, useWork } from './background-work'
import { importEndings } from './column-choices'
import { dataStore, nextImport, queueImports, useDataState } from './data-store'
import { ImportDraftPage } from './import-draft-page'
import { ImportResultView } from './import-result'

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
