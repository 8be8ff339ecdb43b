import { History } from 'lucide-react'
import { useState } from 'react'
import { countOf } from '../../../main/model/count-of'
import { Sha256 } from '../../../main/model/reference'
import type { Reproduction } from '../../../main/model/reproduction'
import type { RunDetail } from '../../../main/model/run'
import { useHostStream } from '../../host'
import { Badge, Button, Dialog, ErrorState, IconButton, NO_VALUE, Progress } from '../../ui'

/** Does a run again from its record and shows what is another; nothing of the fresh run stays. */
export function RunAgain({ run }: { run: RunDetail }) {
  const [open, setOpen] = useState(false)
  const again = useHostStream('reproduce.run', { inline: true })
  const close = (next: boolean) => {
    if (!next) again.cancel()
    setOpen(next)
  }
  return (
    <>
      <IconButton icon={History} label="Run again from the record" disabled={run.status !== 'finished'} onClick={() => setOpen(true)} />
      <Dialog
        open={open}
        onOpenChange={close}
        size="lg"
        title="Run again from the record"
        description="The same data, pipeline, parameters and seed once more, in a place of its own: model, metrics and the score of each row are held against the record. Nothing of the fresh run stays."
        footer={
          <>
            <Button onClick={() => close(false)}>Close</Button>
            <Button variant="primary" icon={History} disabled={again.running} onClick={() => void again.start({ run: run.id, data: [] })}>
              Run again
            </Button>
          </>
        }
      >
        {again.running && (
          <Progress value={again.latest?.fraction ?? null} label={again.latest?.message ?? 'Starting'} onCancel={again.cancel} />
        )}
        {again.error !== null && <ErrorState compact error={again.error} title="The run was not done again" />}
        {again.output && <Outcome found={again.output} />}
      </Dialog>
    </>
  )
}

/** A digest is told by its beginning; anything else stands as it is. */
const short = (text: string | null): string => (text === null ? NO_VALUE : Sha256.safeParse(text).success ? text.slice(0, 12) : text)

function Outcome({ found: { same, ran, differences, compared, leftOut, environment, seconds } }: { found: Reproduction }) {
  return (
    <div className="flex flex-col gap-3" data-selectable>
      <p className="flex items-center gap-2">
        <Badge status={same ? 'ok' : 'error'}>
          {same ? 'the same' : ran && differences.length === 0 ? 'not shown to be the same' : 'not the same'}
        </Badge>
        {ran ? `${countOf(compared.length, 'thing')} compared in ${seconds.toFixed(0)} s.` : 'The data is another, so nothing was trained.'}
        {ran && !same && differences.length === 0 && ' The record names no model to compare.'}
      </p>
      {differences.length > 0 && (
        <table className="w-full border-collapse">
          <thead>
            <tr className="text-caption text-muted">
              {['What', 'In the record', 'Now'].map((title) => (
                <th key={title} scope="col" className="border-b px-2 py-1 text-left font-medium">
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {differences.map(({ what, recorded, fresh, detail }) => (
              <tr key={what} className="align-top">
                <th scope="row" className="border-b px-2 py-1 text-left font-normal">
                  {what}
                  {detail && <p className="text-caption text-muted">{detail}</p>}
                </th>
                <td className="border-b px-2 py-1 font-mono text-caption">{short(recorded)}</td>
                <td className="border-b px-2 py-1 font-mono text-caption">{short(fresh)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {environment.length > 0 && (
        <p className="text-caption text-muted">Of the environment, other than then: {environment.map(({ key }) => key).join(', ')}.</p>
      )}
      {leftOut.length > 0 && (
        <p className="text-caption text-muted">Not compared, because they are of the machine: {leftOut.join(', ')}.</p>
      )}
    </div>
  )
}
