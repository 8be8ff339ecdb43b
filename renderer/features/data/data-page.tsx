import { useLocation } from '../../ui'
import { dataStore } from './data-store'
import { DatasetList } from './dataset-list'
import { DatasetPage } from './dataset-page'
import { ImportPage } from './import-page'
import { SqlPage } from './sql-page'
import { TrashList } from './trash-list'

/** The Data area. */
export function DataPage() {
  const { path, query } = useLocation()
  dataStore.useFollowWorkspace()
  if (path.length > 0) return <DatasetPage name={path[0]} version={path[1] ?? null} key={path.join('/')} />
  if (query['view'] === 'import') return <ImportPage />
  if (query['view'] === 'sql') return <SqlPage />
  if (query['view'] === 'trash') return <TrashList />
  return <DatasetList />
}
