import { useLocation } from '../../ui'
import { policiesStore } from './policies-store'
import { PolicyEditorPage } from './policy-editor-page'
import { PolicyList } from './policy-list'

/** The Policies area: what a model must show, and what the gates of each policy came to. */
export function PoliciesPage() {
  const { path, query } = useLocation()
  policiesStore.useFollowWorkspace()
  const [name] = path
  if (name !== undefined) return <PolicyEditorPage name={name} key={name} />
  return query['view'] === 'new' ? <PolicyEditorPage name={null} key="" /> : <PolicyList />
}
