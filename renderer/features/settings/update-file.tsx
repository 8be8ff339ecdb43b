import { useEffect } from 'react'
import { useHostStream, useOs } from '../../host'
import { ErrorState, fileNameOf, Progress } from '../../ui'
import { UpdateCheck } from './update-check'
import { UpdateDone } from './update-outcome'

/** One update file: it is checked at once, then applied in the way that a person chooses. */
export function UpdateFile({ file, onBusy }: { file: string; onBusy: (busy: boolean) => void }) {
  const os = useOs()
  const check = useHostStream('updates.check', { inline: true })
  const apply = useHostStream('updates.apply', { inline: true })
  const { start } = check
  useEffect(() => void start({ path: file }), [start, file])
  const isBusy = check.running || apply.running
  useEffect(() => onBusy(isBusy), [onBusy, isBusy])
  useEffect(() => () => onBusy(false), [onBusy])
  return (
    <>
      {check.running && (
        <Progress value={check.latest?.fraction ?? null} label={check.latest?.stage ?? 'Opening the file'} onCancel={check.cancel} />
      )}
      {check.error !== null && <ErrorState compact error={check.error} onRetry={() => void start({ path: file })} />}
      {apply.running && (
        <Progress value={apply.latest?.fraction ?? null} label={apply.latest?.stage ?? 'Checking the file again'} onCancel={apply.cancel} />
      )}
      {apply.error !== null && <ErrorState compact error={apply.error} title="The update was not applied" />}
      {apply.output && <UpdateDone result={apply.output} onRestart={() => void os.restartProgram()} />}
      {check.output && !apply.output && (
        <UpdateCheck
          report={check.output}
          name={fileNameOf(file)}
          busy={isBusy}
          onApply={(whom) => void apply.start({ path: file, for: whom })}
        />
      )}
    </>
  )
}
