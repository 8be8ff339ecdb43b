import { Search } from 'lucide-react'
import { useState } from 'react'
import type { Counterfactuals, WantedAnswer } from '../../../main/model/counterfactual'
import type { OpenPanel, PanelAnswer, RowValues } from '../../../main/model/what-if'
import { Button, ErrorState, Field, formatAuto, MultiCombobox, NumberInput, Panel, Select, Skeleton } from '../../ui'
import { cellText, DECIDED } from './cell-words'
import type { NearestSearch } from './use-nearest'

interface OtherAnswerProps {
  panel: OpenPanel
  answer: PanelAnswer
  search: NearestSearch
  onTake: (values: RowValues) => void
}

/** The nearest rows that are found with another answer, where some columns stay as they are: nobody can change when they were born. */
export function OtherAnswer({ panel, answer, search, onTake }: OtherAnswerProps) {
  const [fixed, setFixed] = useState<string[]>([])
  const [wanted, setWanted] = useState<WantedAnswer | undefined>(undefined)
  const isAmount = panel.space === 'amount' || panel.space === 'log-amount'
  const { current, found, look } = search
  const rules = Object.fromEntries(fixed.map((name) => [name, { immutable: true }]))
  const isAskable = !isAmount || wanted?.atLeast !== undefined || wanted?.below !== undefined
  return (
    <Panel title="What would have to change?">
      <div className="flex flex-col gap-3">
        <div className="flex flex-wrap items-end gap-3">
          <Wanted panel={panel} answer={answer} wanted={wanted} onChange={setWanted} />
          <Field label="Columns that stay as they are" className="min-w-60 flex-1">
            <MultiCombobox
              value={fixed}
              onChange={setFixed}
              placeholder="such as age; none"
              choices={panel.columns.map(({ name }) => ({ value: name, label: name }))}
            />
          </Field>
          <Button icon={Search} disabled={!isAskable} onClick={() => look({ wanted, rules })}>
            Find the nearest
          </Button>
        </div>
        {current && found.error && <ErrorState compact error={found.error} title="Nothing was looked for" />}
        {current && !found.error && (found.data ? <Ways panel={panel} found={found.data} onTake={onTake} /> : <Skeleton lines={3} />)}
      </div>
    </Panel>
  )
}

interface WantedProps {
  panel: OpenPanel
  answer: PanelAnswer
  wanted: WantedAnswer | undefined
  onChange: (wanted: WantedAnswer | undefined) => void
}

function Wanted({ panel, answer: { told }, wanted, onChange }: WantedProps) {
  if (panel.outputs.length > 1)
    return (
      <Field label="Wanted class">
        <Select
          className="w-56"
          value={wanted?.output ?? DECIDED}
          onChange={(next) => onChange(next === DECIDED ? undefined : { output: next })}
          choices={[
            { value: DECIDED, label: panel.byCosts ? 'The next to be decided for' : 'The likeliest other one' },
            ...panel.outputs.map((name) => ({ value: name, label: name }))
          ]}
        />
      </Field>
    )
  if (panel.space !== 'amount' && panel.space !== 'log-amount') {
    const from = panel.decidesFrom ?? 0.5
    return (
      <p className="pb-1">
        For a probability {told.score >= from ? 'below' : 'of at least'} {formatAuto(from)}
      </p>
    )
  }
  const bound = (key: 'atLeast' | 'below', label: string) => (
    <Field label={label}>
      <NumberInput className="w-32" value={wanted?.[key] ?? null} onChange={(next) => onChange({ ...wanted, [key]: next ?? undefined })} />
    </Field>
  )
  return (
    <>
      {bound('atLeast', `${panel.target} of at least`)}
      {bound('below', 'or below')}
    </>
  )
}

function Ways({ panel, found, onTake }: { panel: OpenPanel; found: Counterfactuals; onTake: (values: RowValues) => void }) {
  const kinds = new Map(panel.columns.map(({ name, kind }) => [name, kind]))
  return (
    <div className="flex flex-col gap-2" data-testid="nearest">
      {found.found.length === 0 && found.narrative.map((line) => <p key={line}>{line}</p>)}
      {found.found.length > 0 && (
        <table className="w-full border-collapse">
          <thead>
            <tr className="text-caption text-muted">
              <th scope="col" className="border-b px-2 py-1 text-left font-medium">
                Change
              </th>
              <th scope="col" className="border-b px-2 py-1 text-right font-medium">
                {found.output}
              </th>
              <td className="border-b" />
            </tr>
          </thead>
          <tbody>
            {found.found.map(({ changes, score }, at) => (
              <tr key={at} className="align-top">
                <td className="border-b px-2 py-1">
                  {changes.map(({ feature, from, to }) => (
                    <p key={feature}>
                      {feature} from {cellText(from, kinds.get(feature))} to <b>{cellText(to, kinds.get(feature))}</b>
                    </p>
                  ))}
                </td>
                <td className="border-b px-2 py-1 text-right tabular-nums">{formatAuto(score)}</td>
                <td className="border-b px-2 py-1 text-right">
                  <Button
                    size="sm"
                    aria-label={`Take the values of way ${at + 1}`}
                    onClick={() => onTake(Object.fromEntries(changes.map(({ feature, to }) => [feature, to])))}
                  >
                    Take these values
                  </Button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <p className="text-caption text-muted">
        The nearest rows that were found, by the exported model, with values that rows of training have; not all are tried. They say what
        the model would answer, not what would happen in the world. They stand on the decision sheet.
      </p>
    </div>
  )
}
