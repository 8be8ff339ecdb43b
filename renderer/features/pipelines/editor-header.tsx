import { ArrowLeft, Code, EllipsisVertical, History, LayoutGrid, Play, Redo2, Save, Undo2, Workflow } from 'lucide-react'
import { StateBadge, unlessPassed } from '../../evidence'
import { Badge, Button, HashChip, IconButton, KeyHint, Menu, navigate, PageHeader, Tooltip } from '../../ui'
import { CancelRunButton } from './cancel-run-button'
import { pageMenuEntries, type EditorDoing } from './editor-actions'
import { useEditorState } from './editor-context'
import { useRun } from './run-store'

export function EditorHeader({ doing, isStarting }: { doing: EditorDoing; isStarting: boolean }) {
  const { editor, commands, ways } = doing
  const { view, setView } = ways
  const name = useEditorState((state) => state.name)
  const title = useEditorState((state) => state.document?.title ?? state.name)
  const canUndo = useEditorState((state) => state.past.length > 0)
  const canRedo = useEditorState((state) => state.future.length > 0)
  const isReadable = useEditorState((state) => state.isReadable)
  const runId = useRun((state) => state.run?.id ?? null)
  const runState = useRun((state) => state.run?.state ?? null)
  const isRunning = runState === 'running' || runState === 'queued'
  return (
    <PageHeader
      back={<IconButton icon={ArrowLeft} label="All pipelines" onClick={() => navigate('pipelines')} />}
      title={title}
      status={
        <>
          <DraftState />
          <RunLink />
        </>
      }
      actions={
        <>
          <div role="group" aria-label="View" className="flex rounded-md border">
            <ViewButton icon={Workflow} label="Canvas" pressed={view === 'canvas'} onClick={() => setView('canvas')} />
            <ViewButton icon={Code} label="YAML" pressed={view === 'yaml'} onClick={() => setView('yaml')} />
          </div>
          <div className="flex">
            <IconButton icon={Undo2} label="Undo" hint={<KeyHint keys="Mod+Z" />} disabled={!canUndo} onClick={editor.undo} />
            <IconButton icon={Redo2} label="Redo" hint={<KeyHint keys="Mod+Shift+Z" />} disabled={!canRedo} onClick={editor.redo} />
            <IconButton
              icon={LayoutGrid}
              label="Arrange the steps"
              disabled={!isReadable || view !== 'canvas'}
              onClick={() => void commands.arrange()}
            />
            <IconButton icon={Save} label="Save as a version" hint={<KeyHint keys="Mod+S" />} onClick={() => void commands.save()} />
            <IconButton icon={History} label="Runs of this pipeline" onClick={() => navigate('pipelines', [name, 'runs'])} />
            <Menu
              align="end"
              trigger={<IconButton icon={EllipsisVertical} label="More for this pipeline" />}
              entries={pageMenuEntries(doing)}
            />
          </div>
        </>
      }
      primary={
        isRunning && runId ? (
          <CancelRunButton runId={runId} />
        ) : (
          <Button variant="primary" icon={Play} loading={isStarting} onClick={() => doing.requestRun()}>
            Run
          </Button>
        )
      }
    />
  )
}

function ViewButton({ icon: Icon, label, pressed, onClick }: { icon: typeof Code; label: string; pressed: boolean; onClick: () => void }) {
  return (
    <button
      type="button"
      aria-pressed={pressed}
      onClick={onClick}
      className="control-focus inline-flex h-6.5 items-center gap-1.5 px-2 text-muted first:rounded-l-md last:rounded-r-md hover:text-ink aria-pressed:bg-surface-3 aria-pressed:text-ink"
    >
      <Icon aria-hidden className="size-3.5" /> {label}
    </button>
  )
}

const savingWords = { saved: 'saved', pending: 'not saved yet', saving: 'saving', failed: 'could not be saved' } as const

function DraftState() {
  const version = useEditorState((state) => state.version)
  const isDraft = useEditorState((state) => state.text !== state.versionText)
  const saving = useEditorState((state) => state.saving)
  const error = useEditorState((state) => state.saveError)
  if (!isDraft && version)
    return (
      <span className="flex items-center gap-1.5 text-caption">
        Version <HashChip hash={version} label="Version" />
      </span>
    )
  if (saving === 'failed')
    return (
      <Badge status="error" tooltip={error instanceof Error ? error.message : 'The draft could not be written.'}>
        Draft could not be saved
      </Badge>
    )
  return (
    <Badge status="info" tooltip="The draft is kept by itself as you work. Ctrl+S makes a version of it; a run does, too.">
      Draft {savingWords[saving]}
    </Badge>
  )
}

function RunLink() {
  const name = useEditorState((state) => state.name)
  const version = useEditorState((state) => (state.text === state.versionText ? state.version : null))
  const run = useRun((state) => state.run)
  if (!run) return null
  const hint = run.version === version ? 'This run used the text as it is now.' : 'The text has changed since this run was started.'
  return (
    <Tooltip content={hint}>
      <button
        type="button"
        aria-label={`Last run: ${run.state}, open it`}
        onClick={() => navigate('pipelines', [name, 'runs', run.id])}
        className="flex items-center rounded-sm"
      >
        <StateBadge state={run.state} gate={unlessPassed(run.gate)} />
      </button>
    </Tooltip>
  )
}
