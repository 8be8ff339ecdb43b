import { useEffect } from 'react'
import { useHostQuery, useOs } from '../../host'
import { DropZone, navigate, showToast, useLocation } from '../../ui'
import { importEndings } from './column-choices'
import { enterWorkspace, queueImports } from './data-store'
import { DatasetList } from './dataset-list'
import { DatasetPage } from './dataset-page'
import { ImportPage } from './import-page'
import { SqlPage } from './sql-page'
import { TrashList } from './trash-list'

/** The Data area. A file may be dropped anywhere on it. */
export function DataPage() {
  const { path, query } = useLocation()
  const os = useOs()
  const workspace = useHostQuery('workspace.status', {}).data?.workspace?.id
  useEffect(() => {
    if (workspace) enterWorkspace(workspace)
  }, [workspace])
  const take = (files: File[]) => {
    const paths = files.map((file) => os.pathOfDroppedFile(file)).filter((found): found is string => found !== null)
    if (paths.length === 0) {
      showToast({
        status: 'warn',
        title: 'What was dropped is not a file of this machine.',
        text: 'Save it to a folder first, then drop it from there or choose it with "Import a file".'
      })
      return
    }
    queueImports(paths)
    navigate('data', [], { view: 'import' })
  }
  const refuse = (names: string[]) =>
    showToast({
      status: 'warn',
      title: names.length === 1 ? `${names[0]} cannot be imported.` : `${names.length} files cannot be imported.`,
      text: `Drydock reads ${importEndings.map((ending) => `.${ending}`).join(', ')}. Rename the file if it is one of these.`
    })
  return (
    <DropZone
      className="h-full"
      accept={importEndings.map((ending) => `.${ending}`)}
      text="Drop to import"
      onFiles={take}
      onRejected={refuse}
    >
      {path.length > 0 ? (
        <DatasetPage name={path[0]} version={path[1] ?? null} key={path.join('/')} />
      ) : query['view'] === 'import' ? (
        <ImportPage />
      ) : query['view'] === 'sql' ? (
        <SqlPage />
      ) : query['view'] === 'trash' ? (
        <TrashList />
      ) : (
        <DatasetList />
      )}
    </DropZone>
  )
}
