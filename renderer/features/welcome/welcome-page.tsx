import { Anchor, FileUp, FolderOpen, FolderPlus, PackageCheck, Ship, X, type LucideIcon } from 'lucide-react'
import { useId } from 'react'
import { placeText } from '../../../main/model/place'
import { useHostCommand, useHostQuery, useOs } from '../../host'
import { Badge, Button, ErrorState, IconButton, navigate, Panel, Progress, Skeleton, TimeText } from '../../ui'
import type { SampleRecipe } from './sample-recipe'

export interface WelcomePageProps {
  /** The folder the program was started with for the sample, when it is not there yet. */
  createSample: string | null
  recipe: SampleRecipe
  canReview: boolean
  /** Asks for a file and goes on with it. */
  onFile: () => void
  onCreate: () => void
  onOpen: () => void
}

/** The first screen when no workspace is open: three doors, and the way back to what was open before. */
export function WelcomePage({ createSample, recipe, canReview, onFile, onCreate, onOpen }: WelcomePageProps) {
  const sample = useSampleDoor(createSample, recipe)
  return (
    <div className="h-full overflow-auto bg-surface-1">
      <div className="mx-auto flex max-w-220 flex-col gap-6 px-6 py-10">
        <header>
          <h1 className="flex items-center gap-2 text-figure font-semibold">
            <Anchor aria-hidden className="size-5" /> Drydock
          </h1>
          <p className="text-muted">
            Build, check and sign machine-learning models on this machine alone. Nothing leaves it unless you export it.
          </p>
        </header>
        <div className="grid grid-cols-[repeat(auto-fit,minmax(240px,1fr))] gap-3">
          <Door
            icon={FileUp}
            title="Open my file"
            text="A table as CSV, TSV, Parquet, JSON or Arrow. You see how it is read, what is wrong with it, and a first model of it."
            disabled={recipe.running}
            onClick={onFile}
          />
          <Door
            icon={Ship}
            title="Try the sample"
            text="10,000 reports of birds that struck aircraft, from import to a signed bundle in about a minute. Its people are demo identities."
            disabled={!sample.isReady || recipe.running}
            onClick={sample.enter}
          />
          {canReview && <BundleDoor disabled={recipe.running} />}
        </div>
        <SampleState {...sample} recipe={recipe} />
        <RecentPanel onCreate={onCreate} onOpen={onOpen} />
      </div>
    </div>
  )
}

interface DoorProps {
  icon: LucideIcon
  title: string
  text: string
  disabled: boolean
  onClick: () => void
}

function Door({ icon: Icon, title, text, disabled, onClick }: DoorProps) {
  const describedBy = useId()
  return (
    <button
      type="button"
      aria-label={title}
      aria-describedby={describedBy}
      disabled={disabled}
      onClick={onClick}
      className="control-focus flex flex-col gap-2 rounded-md border border-line-strong/60 p-4 text-left transition-colors hover:border-accent hover:bg-accent-soft disabled:pointer-events-none disabled:opacity-50"
    >
      <Icon aria-hidden className="size-6 text-accent" strokeWidth={1.5} />
      <span className="text-title font-semibold">{title}</span>
      <span id={describedBy} className="text-muted">
        {text}
      </span>
    </button>
  )
}

function BundleDoor({ disabled }: { disabled: boolean }) {
  const os = useOs()
  const choose = async () => {
    const filters = [{ name: 'Drydock bundle', extensions: ['drydock'] }]
    const files = await os.openFiles({ title: 'Which bundle did you receive?', filters })
    // Without a file the page of the reviewer offers the other ways: a folder, or one that was reviewed before.
    navigate('bundles', ['review'], { path: files?.[0] })
  }
  return (
    <Door
      icon={PackageCheck}
      title="Check a bundle I received"
      text="Verify a signed .drydock file, read its evidence and decide on it. Nothing in it is executed, and no workspace is needed."
      disabled={disabled}
      onClick={() => void choose()}
    />
  )
}

/** The sample: opened where it is there already, else made. */
function useSampleDoor(createSample: string | null, recipe: SampleRecipe) {
  const sample = useHostQuery('workspace.sampleDefault', {})
  const open = useHostCommand('workspace.open', { onSuccess: () => navigate('overview') })
  const directory = createSample ?? 'sample:'
  const make = () => void recipe.start({ directory })
  return {
    isReady: sample.data !== undefined && !open.busy,
    enter: () => (sample.data?.exists ? void open.run({ directory }) : make()),
    make,
    place: createSample ? placeText(createSample) : sample.data?.directory
  }
}

/** How far the sample is that is being made, or why it stopped. */
function SampleState({ recipe, make, place }: ReturnType<typeof useSampleDoor> & { recipe: SampleRecipe }) {
  if (recipe.error) return <ErrorState compact error={recipe.error} onRetry={make} />
  if (!recipe.running) return null
  return (
    <Panel title="Making the sample" hint={place}>
      <Progress
        value={recipe.latest?.fraction ?? null}
        label={recipe.latest?.title ?? 'Starting the sample recipe'}
        detail={recipe.latest?.detail}
        onCancel={recipe.cancel}
      />
    </Panel>
  )
}

function RecentPanel({ onCreate, onOpen }: Pick<WelcomePageProps, 'onCreate' | 'onOpen'>) {
  const recent = useHostQuery('workspace.recent', {})
  const open = useHostCommand('workspace.open', { onSuccess: () => navigate('overview') })
  const forget = useHostCommand('workspace.forget')
  return (
    <Panel
      title="Recent workspaces"
      flush
      actions={
        <>
          <Button size="sm" variant="ghost" icon={FolderOpen} onClick={onOpen}>
            Open a workspace
          </Button>
          <Button size="sm" variant="ghost" icon={FolderPlus} onClick={onCreate}>
            Create a workspace
          </Button>
        </>
      }
    >
      {recent.error ? (
        <ErrorState error={recent.error} onRetry={() => void recent.refetch()} />
      ) : !recent.data ? (
        <Skeleton lines={2} />
      ) : recent.data.length === 0 ? (
        <p className="p-3 text-muted">Workspaces that you open appear here. A workspace is one folder with its data, runs and models.</p>
      ) : (
        <ul>
          {recent.data.map((entry) => (
            <li key={entry.id} className="flex items-center gap-3 border-b px-3 last:border-b-0 hover:bg-surface-0">
              <button
                type="button"
                disabled={!entry.available || open.busy}
                onClick={() => void open.run({ directory: `recent:${entry.id}` })}
                className="flex min-w-0 flex-1 items-baseline gap-3 py-2 text-left disabled:text-muted"
              >
                <span className="shrink-0 font-medium">{entry.name}</span>
                <span className="truncate font-mono text-caption text-muted">{entry.directory}</span>
              </button>
              {!entry.available && (
                <Badge
                  status="warn"
                  tooltip="The folder is not there now. Connect its drive, or remove it from this list; the folder itself is not touched."
                >
                  Not reachable
                </Badge>
              )}
              <span className="shrink-0 text-caption text-muted">
                <TimeText value={entry.openedAt} relative />
              </span>
              <IconButton
                icon={X}
                size="sm"
                label={`Remove ${entry.name} from this list`}
                onClick={() => void forget.run({ id: entry.id })}
              />
            </li>
          ))}
        </ul>
      )}
    </Panel>
  )
}
