import { Anchor, FolderOpen, FolderPlus, PackageCheck, Ship, X } from 'lucide-react'
import { placeText } from '../../../main/model/place'
import { useHostCommand, useHostQuery } from '../../host'
import { Badge, Button, ErrorState, IconButton, navigate, Panel, Progress, Skeleton, TimeText } from '../../ui'
import type { SampleRecipe } from './sample-recipe'

export interface WelcomePageProps {
  /** The folder the program was started with for the sample, when it is not there yet. */
  createSample: string | null
  recipe: SampleRecipe
  canReview: boolean
  onCreate: () => void
  onOpen: () => void
}

/** The first screen when no workspace is open. */
export function WelcomePage({ createSample, recipe, canReview, onCreate, onOpen }: WelcomePageProps) {
  return (
    <div className="h-full overflow-auto bg-surface-1">
      <div className="mx-auto flex max-w-220 flex-col gap-6 px-6 py-10">
        <header>
          <h1 className="flex items-center gap-2 text-figure font-semibold">
            <Anchor aria-hidden className="size-5" /> Drydock
          </h1>
          <p className="text-muted">
            Build, check and certify machine-learning models on this machine alone. A workspace is one folder; nothing leaves it unless you
            export it.
          </p>
        </header>
        <div className="grid grid-cols-[repeat(auto-fit,minmax(240px,1fr))] gap-3">
          <Start
            icon={FolderPlus}
            title="Create a workspace"
            text="An empty folder for your own data, pipelines and models."
            action="Create"
            primary
            onClick={onCreate}
          />
          <Start
            icon={FolderOpen}
            title="Open a workspace"
            text="A folder that Drydock made, here or on another machine."
            action="Open"
            onClick={onOpen}
          />
          {canReview && (
            <Start
              icon={PackageCheck}
              title="Review a bundle"
              text="Verify a signed .drydock file, read its evidence and countersign. Needs no workspace."
              action="Choose a bundle"
              onClick={() => navigate('bundles', ['review'])}
            />
          )}
        </div>
        <SamplePanel createSample={createSample} recipe={recipe} />
        <RecentPanel />
      </div>
    </div>
  )
}

interface StartProps {
  icon: typeof FolderPlus
  title: string
  text: string
  action: string
  primary?: boolean
  onClick: () => void
}

function Start({ icon: Icon, title, text, action, primary, onClick }: StartProps) {
  return (
    <section className="flex flex-col gap-1 rounded-md border p-3">
      <h2 className="flex items-center gap-2 font-semibold">
        <Icon aria-hidden className="size-4 text-muted" /> {title}
      </h2>
      <p className="flex-1 text-muted">{text}</p>
      <div className="pt-2">
        <Button variant={primary ? 'primary' : 'secondary'} onClick={onClick} aria-label={title}>
          {action}
        </Button>
      </div>
    </section>
  )
}

function SamplePanel({ createSample, recipe }: Pick<WelcomePageProps, 'createSample' | 'recipe'>) {
  const sample = useHostQuery('workspace.sampleDefault', {})
  const open = useHostCommand('workspace.open', { onSuccess: () => navigate('overview') })
  const { start } = recipe
  const directory = createSample ?? 'sample:'
  return (
    <Panel title="Sample workspace" hint="10,000 wildlife strikes on aircraft, from import to a signed bundle">
      {recipe.error ? <ErrorState compact className="mb-3" error={recipe.error} onRetry={() => void start({ directory })} /> : null}
      {recipe.running ? (
        <Progress
          value={recipe.latest?.fraction ?? null}
          label={recipe.latest?.title ?? 'Starting the sample recipe'}
          detail={recipe.latest?.detail}
          onCancel={recipe.cancel}
        />
      ) : (
        <div className="flex items-center gap-3">
          <p className="min-w-0 flex-1 text-muted">
            Runs the whole job on real reports of the US Federal Aviation Administration in under a minute: import, quality report,
            features, training, comparison, policy gate, registration, signed export. Its people are demo identities.
            {sample.data && (
              <span className="block truncate font-mono text-caption">
                {createSample ? placeText(createSample) : sample.data.directory}
              </span>
            )}
          </p>
          {sample.data?.exists ? (
            <Button icon={Ship} loading={open.busy} onClick={() => void open.run({ directory })}>
              Open the sample
            </Button>
          ) : (
            <Button icon={Ship} disabled={!sample.data} onClick={() => void start({ directory })}>
              Create the sample
            </Button>
          )}
        </div>
      )}
    </Panel>
  )
}

function RecentPanel() {
  const recent = useHostQuery('workspace.recent', {})
  const open = useHostCommand('workspace.open', { onSuccess: () => navigate('overview') })
  const forget = useHostCommand('workspace.forget')
  return (
    <Panel title="Recent workspaces" flush>
      {recent.error ? (
        <ErrorState error={recent.error} onRetry={() => void recent.refetch()} />
      ) : !recent.data ? (
        <Skeleton lines={2} />
      ) : recent.data.length === 0 ? (
        <p className="p-3 text-muted">Workspaces that you open appear here.</p>
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
