import { useHostQuery } from '../../host'
import { DropZone, showToast, Skeleton, useLocation } from '../../ui'
import { BundleList } from './bundle-list'
import { BundleStart } from './bundle-start'
import { useAskedDialog, useOpenBundle } from './open-bundle'
import { ReviewPage } from './review-page'

/** The Bundles area: what left this workspace, and the review of any bundle, with or without a workspace. */
export function BundlesPage() {
  const { path, query } = useLocation()
  const status = useHostQuery('workspace.status', {})
  const open = useOpenBundle()
  useAskedDialog(open)
  const bundle = path[0] === 'review' ? query['path'] : undefined
  return (
    <DropZone
      className="h-full"
      accept={[]}
      text="Drop a bundle to verify it"
      onFiles={(files) => void open.drop(files)}
      onRejected={(names) => showToast({ status: 'warn', title: `${names[0]} is not a bundle.` })}
    >
      {bundle ? (
        <ReviewPage path={bundle} key={bundle} />
      ) : status.isPending ? (
        <Skeleton lines={6} />
      ) : path[0] === 'review' || !status.data?.workspace ? (
        <BundleStart hasWorkspace={Boolean(status.data?.workspace)} />
      ) : (
        <BundleList />
      )}
    </DropZone>
  )
}
