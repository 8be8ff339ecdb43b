import { FileUp, Undo2 } from 'lucide-react'
import { useState } from 'react'
import type { UpdateState } from '../../../main/model/update'
import { useHostCommand, useHostQuery, useOs, type HostOutput } from '../../host'
import { Button, ConfirmDialog, EmptyState, ErrorState, navigate, Skeleton } from '../../ui'
import { UpdateFile } from './update-file'
import { WentBack } from './update-outcome'
import { InstalledVersions, ReleaseKeys } from './update-versions'

/** New versions of the program, from a file: what runs, the check of a file, applying it, and the way back. `file` is the place of one that was opened. */
export function UpdatesTab({ file }: { file?: string }) {
  const os = useOs()
  const state = useHostQuery('updates.state', {})
  const back = useHostCommand('updates.back', { inline: true })
  const [returned, setReturned] = useState<HostOutput<'updates.back'> | null>(null)
  const [asking, setAsking] = useState(false)
  const [isBusy, setBusy] = useState(false)

  if (state.isError) return <ErrorState error={state.error} onRetry={() => void state.refetch()} />
  if (!state.data) return <Skeleton lines={8} />
  const { packaged, rule, back: before, keys } = state.data
  const show = (place?: string) => navigate('settings', ['updates'], { file: place }, { replace: true })
  const choose = async () => {
    const filters = [{ name: 'Update of Drydock', extensions: ['drydock-update'] }]
    const [chosen] = (await os.openFiles({ title: 'Which update?', filters })) ?? []
    if (!chosen) return
    setReturned(null)
    show(chosen)
  }
  const goBack = async () => {
    setAsking(false)
    const done = await back.run({})
    if (!done) return
    setReturned(done)
    show()
  }
  return (
    <div className="mx-auto flex w-full max-w-220 flex-col gap-4 p-4">
      <div className="flex flex-wrap items-center gap-2">
        <RuleText rule={rule} ruleFrom={state.data.ruleFrom} />
        {before !== null && (
          <Button icon={Undo2} disabled={isBusy || rule !== 'user'} loading={back.busy} onClick={() => setAsking(true)}>
            Back to {before}
          </Button>
        )}
        <Button variant="primary" icon={FileUp} disabled={isBusy || rule === 'off'} onClick={() => void choose()}>
          Check an update file
        </Button>
      </div>
      {back.error !== null && <ErrorState compact error={back.error} title="The version before could not be brought back" />}
      {returned && <WentBack result={returned} onRestart={() => void os.restartProgram()} />}
      {file !== undefined && <UpdateFile key={file} file={file} onBusy={setBusy} />}
      {file === undefined && returned === null && <NoFile packaged={packaged} />}
      <InstalledVersions state={state.data} />
      <ReleaseKeys keys={keys} />
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title={`Go back to ${before}?`}
        text="The version before starts the next time. Workspaces that this version has migrated cannot be opened by it; you are told which backups to restore."
        action={`Go back to ${before}`}
        onConfirm={() => void goBack()}
      />
    </div>
  )
}

function RuleText({ rule, ruleFrom }: Pick<UpdateState, 'rule' | 'ruleFrom'>) {
  if (rule === 'user')
    return <p className="min-w-60 flex-1 text-muted">New versions come as a file, on a stick for instance. A network is never asked.</p>
  return (
    <p className="min-w-60 flex-1 text-muted">
      {rule === 'off' ? 'Updates are switched off by your administrator' : 'New versions are brought by your administrator'}, set in{' '}
      <span className="font-mono text-caption">{ruleFrom}</span>.
    </p>
  )
}

function NoFile({ packaged }: { packaged: boolean }) {
  return (
    <EmptyState
      icon={FileUp}
      className="rounded-md border-2 border-dashed"
      title={packaged ? 'No update file is open' : 'This Drydock runs from a checkout'}
      text={
        packaged
          ? 'A release comes as one file that ends in .drydock-update. Every file in it is held against the signature of the release key, and you see what changes and what becomes of your workspaces before anything is done.'
          : 'Git updates it. Where Drydock is installed, an update file is checked and applied here.'
      }
    />
  )
}
