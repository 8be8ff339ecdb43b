import { FlaskConical, Trash2 } from 'lucide-react'
import { Button, EmptyState, navigate } from '../../ui'
import { changeList } from './view-store'

/** Why the list is empty, and the next step. */
export function NoRuns({ all, trashed, notes }: { all: number; trashed: boolean; notes: readonly string[] }) {
  if (all > 0)
    return (
      <EmptyState
        icon={FlaskConical}
        title="No run fits the filter"
        text={notes.length > 0 ? notes.join(' ') : 'Widen the filter, or clear it to see every run.'}
        action={<Button onClick={() => changeList({ filter: '' })}>Clear the filter</Button>}
      />
    )
  if (trashed)
    return (
      <EmptyState
        icon={Trash2}
        title="The trash is empty"
        text="Runs that are moved to the trash appear here and can be restored. They always count as trials."
        action={<Button onClick={() => changeList({ trashed: false })}>Show the runs</Button>}
      />
    )
  return (
    <EmptyState
      icon={FlaskConical}
      title="No runs yet"
      text="Each training step of a pipeline is recorded here as a run, with its parameters, data, code, environment and results."
      action={
        <Button variant="primary" onClick={() => navigate('pipelines')}>
          Open the pipelines
        </Button>
      }
    />
  )
}
