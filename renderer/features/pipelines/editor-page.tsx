import { useEffect, useRef, useState } from 'react'
import { reportError, useClient, useConnectionState, useHostQuery } from '../../host'
import { Button, ErrorState, navigate, Skeleton } from '../../ui'
import { createEditor, type Editor } from './editor-store'
import { EditorWorkbench } from './editor-workbench'

/** Opens the draft (or the newest version) of a pipeline for editing. */
export function EditorPage({ name, step, view }: { name: string; step?: string; view: 'canvas' | 'yaml' }) {
  const client = useClient()
  const { generation } = useConnectionState()
  const types = useHostQuery('pipelines.stepTypes', {})
  const detail = useHostQuery('pipelines.get', { name })
  const [editor, setEditor] = useState<Editor | null>(null)
  const [error, setError] = useState<unknown>(null)
  const firstStep = useRef(step)
  const [attempt, setAttempt] = useState(0)
  useEffect(() => {
    let isGone = false
    let opened: Editor | null = null
    setError(null)
    const open = async () => {
      // Past the cache: what is edited must be what is stored now.
      const current = await client.pipelines.get({ name })
      const versionText =
        current.source === 'version'
          ? current.yaml
          : current.version
            ? (await client.pipelines.get({ name, version: current.version })).yaml
            : null
      if (isGone) return
      opened = createEditor(current, versionText, { host: client.pipelines, onError: reportError })
      // A deep link selects once; later selections are the person's.
      if (firstStep.current) opened.select({ steps: [firstStep.current] })
      setEditor(opened)
    }
    open().catch((caught: unknown) => !isGone && setError(caught))
    const flush = () => void opened?.flush()
    window.addEventListener('pagehide', flush)
    return () => {
      isGone = true
      window.removeEventListener('pagehide', flush)
      opened?.dispose()
      setEditor(null)
    }
  }, [client, name, attempt])
  useEffect(() => {
    if (generation > 1) void editor?.flush()
  }, [generation, editor])
  const failure = error ?? types.error
  if (failure)
    return (
      <ErrorState
        error={failure}
        title={`The pipeline "${name}" cannot be opened`}
        onRetry={() => {
          setAttempt(attempt + 1)
          void types.refetch()
        }}
        action={<Button onClick={() => navigate('pipelines')}>All pipelines</Button>}
      />
    )
  if (!editor || !types.data) return <Skeleton lines={8} />
  return <EditorWorkbench key={name} editor={editor} types={types.data} history={detail.data?.history ?? []} view={view} />
}
