import { useEffect } from 'react'
import { navigate, useLocation } from '../../ui'
import { ImportModelPage } from './import/import-page'
import { ModelList } from './model-list'
import { modelsStore } from './models-store'
import { VersionPage } from './version-page'

/** The Models area: the registry, and one page per version. */
export function ModelsPage() {
  const { path, query } = useLocation()
  modelsStore.useFollowWorkspace()
  const [first, second] = path
  // Policies once stood here. A model may be called "policies"; its version is a number and the name of a policy never is.
  const moved = first === 'policies' && !/^\d+$/.test(second ?? '')
  useEffect(() => {
    if (moved) navigate('policies', path.slice(1), query, { replace: true })
  }, [moved, path, query])
  if (moved) return null
  if (first === undefined) return query['view'] === 'import' ? <ImportModelPage /> : <ModelList />
  return <VersionPage name={first} version={second === undefined ? null : Number(second)} key={first} />
}
