import { Ban } from 'lucide-react'
import { useHostCommand } from '../../host'
import { Button } from '../../ui'

/** It takes the place of the button that starts a run; the second click of a double click must not end what the first began. */
export function CancelRunButton({ runId }: { runId: string }) {
  const cancel = useHostCommand('pipelines.cancel')
  return (
    <Button icon={Ban} loading={cancel.busy} onClick={(event) => event.detail < 2 && void cancel.run({ runId })}>
      Cancel the run
    </Button>
  )
}
