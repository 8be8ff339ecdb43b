import { useEffect } from 'react'
import { useHostQuery } from '../../host'
import { useLocation } from '../../ui'
import { ModelList } from './model-list'
import { enterWorkspace } from './models-store'
import { PolicyEditorPage } from './policies/policy-editor-page'
import { PolicyList } from './policies/policy-list'
import { VersionPage } from './version-page'

/** The Models area: the registry, one page per version, and the policies that gate them. */
export function ModelsPage() {
  const { path, query } = useLocation()
  const workspace = useHostQuery('workspace.status', {}).data?.workspace?.id
  useEffect(() => {
    if (workspace) enterWorkspace(workspace)
  }, [workspace])
  const [first, second] = path
  if (first === undefined) return <ModelList />
  // A model may be called "policies"; its version is a number and a policy's name never is.
  if (first === 'policies' && !/^\d+$/.test(second ?? '')) {
    if (second !== undefined) return <PolicyEditorPage name={second} key={second} />
    return query['view'] === 'new' ? <PolicyEditorPage name={null} key="" /> : <PolicyList />
  }
  return <VersionPage name={first} version={second === undefined ? null : Number(second)} key={first} />
}
