import { Search } from 'lucide-react'
import { useState } from 'react'
import type { FindRows, FoundRows, OpenPanel } from '../../../main/model/what-if'
import { useHostQuery } from '../../host'
import { Button, Combobox, Dialog, ErrorState, Field, formatAuto, formatCount, Select, Skeleton, TextInput } from '../../ui'
import { MISSING } from './cell-words'

type By = FindRows['by']

interface FindRowProps {
  panel: OpenPanel
  onTake: (row: number) => void
}

/** Finds a row by what people know it by, or by what the model answered, and begins with it. */
export function FindRow({ panel, onTake }: FindRowProps) {
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <Button size="sm" icon={Search} onClick={() => setOpen(true)}>
        Find a row
      </Button>
      <Dialog open={isOpen} onOpenChange={setOpen} title="Find a row" size="lg">
        <Finding
          panel={panel}
          onTake={(row) => {
            setOpen(false)
            onTake(row)
          }}
        />
      </Dialog>
    </>
  )
}

function Finding({ panel, onTake }: FindRowProps) {
  const columns = panel.rows?.columns ?? []
  const [by, setBy] = useState<By>('value')
  const [column, setColumn] = useState(columns[0] ?? '')
  const [value, setValue] = useState('')
  const asked: FindRows = by === 'value' ? { by, column, value: value.trim() } : { by }
  const found = useHostQuery(
    'explain.find',
    { panel: panel.panel, asked },
    { enabled: asked.by !== 'value' || asked.value !== '', keepPrevious: true }
  )
  return (
    <div className="flex min-h-100 flex-col gap-3 pb-2">
      <div className="grid grid-cols-3 gap-3">
        <Field label="By">
          <Select className="w-full" value={by} onChange={setBy} choices={waysOf(panel)} />
        </Field>
        {by === 'value' && (
          <>
            <Field label="Column">
              <Combobox
                className="w-full"
                value={column}
                onChange={(next) => next !== null && setColumn(next)}
                choices={columns.map((name) => ({ value: name, label: name }))}
              />
            </Field>
            <Field label="Value">
              <TextInput
                className="w-full"
                value={value}
                onChange={(event) => setValue(event.target.value)}
                placeholder="all of it, or a part of a text"
              />
            </Field>
          </>
        )}
      </div>
      {asked.by === 'value' && asked.value === '' ? (
        <p className="text-muted">Type a value, such as the number of a case.</p>
      ) : found.error ? (
        <ErrorState compact error={found.error} title="No row was looked for" />
      ) : found.data ? (
        <Found panel={panel} asked={asked} found={found.data} onTake={onTake} />
      ) : (
        <Skeleton lines={6} />
      )}
    </div>
  )
}

function waysOf({ outputs, space }: OpenPanel): { value: By; label: string }[] {
  const isAmount = space === 'amount' || space === 'log-amount'
  const [highest, lowest] =
    outputs.length > 1
      ? ['Surest answers', 'Least sure answers']
      : isAmount
        ? ['Highest answers', 'Lowest answers']
        : ['Highest scores', 'Lowest scores']
  return [
    { value: 'value', label: 'Value of a column' },
    { value: 'highest', label: highest },
    { value: 'lowest', label: lowest },
    { value: 'surprising', label: 'Most surprising' }
  ]
}

const head = 'border-b px-2 py-1 font-medium'

function Found({ panel, asked, found, onTake }: FindRowProps & { asked: FindRows; found: FoundRows }) {
  const { rows, matches, looked, measure } = found
  const hasOutcome = rows.some(({ outcome }) => outcome !== undefined)
  if (rows.length === 0) return <p className="text-muted">None of {formatCount(looked, 'row')} is so.</p>
  return (
    <>
      <table className="w-full border-collapse" aria-label="Found rows">
        <thead>
          <tr className="text-caption text-muted">
            <th scope="col" className={`${head} text-right`}>
              Row
            </th>
            {asked.by === 'value' && (
              <th scope="col" className={`${head} text-left`}>
                {asked.column}
              </th>
            )}
            {panel.outputs.length > 1 && (
              <th scope="col" className={`${head} text-left`}>
                Likeliest
              </th>
            )}
            <th scope="col" className={`${head} text-right`}>
              {answerTitle(panel)}
            </th>
            {hasOutcome && (
              <th scope="col" className={`${head} text-left`}>
                What happened
              </th>
            )}
            <td className="border-b" />
          </tr>
        </thead>
        <tbody>
          {rows.map(({ row, output, score, outcome, value }) => (
            <tr key={row}>
              <td className="border-b px-2 py-1 text-right tabular-nums">{row}</td>
              {asked.by === 'value' && <td className="border-b px-2 py-1 [overflow-wrap:anywhere]">{value ?? MISSING}</td>}
              {panel.outputs.length > 1 && <td className="border-b px-2 py-1">{output}</td>}
              <td className="border-b px-2 py-1 text-right tabular-nums">{formatAuto(score)}</td>
              {hasOutcome && <td className="border-b px-2 py-1">{outcome ?? MISSING}</td>}
              <td className="border-b px-2 py-1 text-right">
                <Button size="sm" aria-label={`Begin with row ${row}`} onClick={() => onTake(row)}>
                  Begin with it
                </Button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="text-caption text-muted">
        {rows.length < matches ? `The first ${rows.length} of ${formatCount(matches, 'row')}` : formatCount(matches, 'row')}, among{' '}
        {formatCount(looked, 'row')} of the {panel.rows?.split} data.
        {measure === undefined ? '' : ` Surprise is measured by the ${measure}.`}
      </p>
    </>
  )
}

function answerTitle({ outputs, space, target }: OpenPanel): string {
  if (space === 'amount' || space === 'log-amount') return target
  return outputs.length > 1 ? 'Its probability' : `Probability of ${outputs[0]}`
}
