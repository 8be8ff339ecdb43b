import { ArrowLeft, RotateCcw } from 'lucide-react'
import { useClient, useHostCommand, useHostQuery } from '../../host'
import {
  Button,
  ErrorState,
  formatCount,
  HashChip,
  IconButton,
  KeyValueList,
  navigate,
  Page,
  PageHeader,
  Select,
  showToast,
  Skeleton,
  TimeText
} from '../../ui'
import { FrozenPipeline } from './frozen-pipeline'
import { VersionChanges } from './version-changes'

export const versionViews = ['canvas', 'yaml', 'changes'] as const
export type VersionView = (typeof versionViews)[number]

/** One version of a pipeline, read-only; it can become the draft again. */
export function VersionPage({ name, version, view, other }: { name: string; version: string; view: VersionView; other: string | null }) {
  const sha256 = version.replace(/^sha256:/, '')
  const detail = useHostQuery('pipelines.get', { name, version: sha256 })
  const types = useHostQuery('pipelines.stepTypes', {})
  const client = useClient()
  const restore = useHostCommand('pipelines.saveDraft', { success: 'The former draft is back.' })
  const discard = useHostCommand('pipelines.discardDraft', { success: 'The draft is gone again; the newest version stands.' })
  const take = useHostCommand('pipelines.saveDraft')
  const makeDraft = async (yaml: string) => {
    const former = await client.pipelines.get({ name }).catch(() => null)
    if ((await take.run({ name, yaml })) === undefined) return
    const putBack = () => (former?.source === 'draft' ? restore.run({ name, yaml: former.yaml }) : discard.run({ name }))
    showToast({
      status: 'ok',
      title: 'This version is the draft now.',
      text: former?.source === 'draft' ? 'The draft that was there can be put back.' : undefined,
      action: { label: 'Undo', run: () => void putBack().then(() => navigate('pipelines', [name, version])) }
    })
    navigate('pipelines', [name])
  }
  const error = detail.error ?? types.error
  return (
    <Page
      header={
        <PageHeader
          back={<IconButton icon={ArrowLeft} label="Back to the editor" onClick={() => navigate('pipelines', [name])} />}
          title={detail.data?.title ?? name}
          status={
            <>
              Version <HashChip hash={sha256} label="Version" />
            </>
          }
          actions={<ViewSelect name={name} path={version} view={view} views={versionViews} />}
          primary={
            <Button
              variant="primary"
              icon={RotateCcw}
              disabled={!detail.data}
              loading={take.busy}
              onClick={() => detail.data && void makeDraft(detail.data.yaml)}
            >
              Make it the draft
            </Button>
          }
        />
      }
    >
      {error ? (
        <ErrorState error={error} onRetry={() => void detail.refetch()} />
      ) : !detail.data || !types.data ? (
        <Skeleton lines={8} />
      ) : view === 'changes' ? (
        <VersionChanges
          version={detail.data}
          sha256={sha256}
          other={other}
          onOther={(next) => navigate('pipelines', [name, version], { view: 'changes', with: next }, { replace: true })}
        />
      ) : (
        <FrozenPipeline
          check={detail.data.check}
          yaml={detail.data.yaml}
          types={types.data}
          view={view}
          about={
            <KeyValueList
              items={[
                { label: 'Pipeline', value: name, mono: true },
                { label: 'Steps', value: formatCount(detail.data.check.document?.steps.length ?? 0, 'step') },
                { label: 'Saved', value: <TimeText value={detail.data.history.find((each) => each.sha256 === sha256)?.createdAt} /> },
                { label: 'Digest', value: sha256, mono: true }
              ]}
            />
          }
        />
      )}
    </Page>
  )
}

const viewWords: Record<VersionView, string> = { canvas: 'Canvas', yaml: 'YAML', changes: 'Changes' }

interface ViewSelectProps<View extends VersionView> {
  name: string
  path: string | readonly string[]
  view: View
  views: readonly View[]
}

export function ViewSelect<View extends VersionView>({ name, path, view, views }: ViewSelectProps<View>) {
  return (
    <div className="w-28">
      <Select
        aria-label="View"
        value={view}
        onChange={(next) =>
          navigate(
            'pipelines',
            [name, ...(typeof path === 'string' ? [path] : path)],
            { view: next === 'canvas' ? null : next },
            { replace: true }
          )
        }
        choices={views.map((value) => ({ value, label: viewWords[value] }))}
      />
    </div>
  )
}
