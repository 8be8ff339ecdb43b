import { ArrowLeft, RotateCcw } from 'lucide-react'
import { useHostCommand, useHostQuery } from '../../host'
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
  Skeleton,
  TimeText
} from '../../ui'
import { FrozenPipeline } from './frozen-pipeline'

/** One version of a pipeline, read-only; it can become the draft again. */
export function VersionPage({ name, version, view }: { name: string; version: string; view: 'canvas' | 'yaml' }) {
  const sha256 = version.replace(/^sha256:/, '')
  const detail = useHostQuery('pipelines.get', { name, version: sha256 })
  const types = useHostQuery('pipelines.stepTypes', {})
  const take = useHostCommand('pipelines.saveDraft', {
    success: 'This version is the draft now.',
    onSuccess: () => navigate('pipelines', [name])
  })
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
          actions={<ViewSelect name={name} path={version} view={view} />}
          primary={
            <Button
              variant="primary"
              icon={RotateCcw}
              disabled={!detail.data}
              loading={take.busy}
              onClick={() => detail.data && void take.run({ name, yaml: detail.data.yaml })}
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

export function ViewSelect({ name, path, view }: { name: string; path: string | readonly string[]; view: 'canvas' | 'yaml' }) {
  return (
    <div className="w-28">
      <Select
        aria-label="View"
        value={view}
        onChange={(next) =>
          navigate(
            'pipelines',
            [name, ...(typeof path === 'string' ? [path] : path)],
            { view: next === 'yaml' ? 'yaml' : null },
            { replace: true }
          )
        }
        choices={[
          { value: 'canvas', label: 'Canvas' },
          { value: 'yaml', label: 'YAML' }
        ]}
      />
    </div>
  )
}
