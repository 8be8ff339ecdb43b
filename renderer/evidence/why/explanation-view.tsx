import { useState } from 'react'
import { countOf } from '../../../main/model/count-of'
import type { Dependence } from '../../../main/model/dependence'
import { methodWords, spaceWords, type Explanation } from '../../../main/model/explanation'
import { BarChart, ValueStrips, type Strip } from '../../charts'
import { Button, Disclosure, Field, formatAuto, Panel, Select } from '../../ui'
import { DependencePanel } from './dependence-panel'
import { ShuffledPanel } from './shuffled-panel'

/** Columns drawn before the reader asks for all. */
const usually = 15

/** What drove the answers of a model: in words, by column, and for one column value by value. The same for a run, a version, a bundle and a step. */
export function ExplanationView({ explanation, dependence = null }: { explanation: Explanation; dependence?: Dependence | null }) {
  const [output, setOutput] = useState(0)
  const [isAll, setAll] = useState(false)
  const { outputs, space, rows, background, method, permutation } = explanation
  const { features } = outputs[output] ?? outputs[0]!
  const most = isAll ? features : features.slice(0, usually)
  const axis = `Mean |contribution|, ${spaceWords[space]}`
  return (
    <div className="flex flex-col gap-3 p-4">
      <ModelWords explanation={explanation} />
      <div className="flex flex-wrap items-end gap-3">
        {outputs.length > 1 && (
          <Field label="Class">
            <Select
              className="w-48"
              value={String(output)}
              onChange={(next) => setOutput(Number(next))}
              choices={outputs.map(({ name }, at) => ({ value: String(at), label: name }))}
            />
          </Field>
        )}
        <p className="text-caption text-muted">
          {countOf(rows, 'row')} explained; the base of {formatAuto((outputs[output] ?? outputs[0]!).base)} is the mean over{' '}
          {countOf(background.rows, 'row')} ({background.from}).
        </p>
      </div>
      <div className="grid grid-cols-[repeat(auto-fit,minmax(min(420px,100%),1fr))] gap-3">
        <Panel>
          <BarChart
            title="What moves the answers"
            category="Column"
            axis={axis}
            bars={most.map(({ feature, mean, low, high }) => ({ label: feature, value: mean, low, high }))}
            height={440}
            empty="No column moved an answer."
          />
          <p className="text-caption text-muted">Mean size of what each column added, with its 95% interval over the rows.</p>
        </Panel>
        <Panel>
          <ValueStrips
            title="Which values raise and lower"
            category="Column"
            axis={`Contribution, ${spaceWords[space]}`}
            strips={stripsOf(explanation, output, new Set(most.map(({ feature }) => feature)))}
            height={440}
            empty={`What single rows got was kept for the class "${outputs[0]!.name}" alone. Explain again to have all.`}
          />
          <p className="text-caption text-muted">
            A dot for each of some rows: right of zero the value raised the answer, left it lowered it.
          </p>
        </Panel>
      </div>
      {permutation && permutation.features.length > 0 && (
        <ShuffledPanel permutation={permutation} most={isAll ? permutation.features.length : usually} />
      )}
      {features.length > usually && (
        <Button size="sm" className="self-start" onClick={() => setAll(!isAll)}>
          {isAll ? `Show the first ${usually}` : `Show all ${features.length} columns`}
        </Button>
      )}
      <DependencePanel explanation={explanation} output={output} dependence={dependence} key={explanation.model.sha256} />
      <p className="text-caption text-muted">{methodWords[method]}.</p>
    </div>
  )
}

/** The figures in sentences: what moved most first, how it was found behind a button. */
function ModelWords({ explanation: { narrative, outputs } }: { explanation: Explanation }) {
  const first = narrative.slice(0, outputs.length > 4 ? 4 : outputs.length)
  const rest = narrative.slice(first.length)
  return (
    <div className="max-w-240" data-selectable>
      {first.map((line) => (
        <p key={line}>{line}</p>
      ))}
      {rest.length > 0 && (
        <Disclosure name="why.how" label="How this was found, and what it does not say" className="pt-1">
          {rest.map((line) => (
            <p key={line} className="text-muted">
              {line}
            </p>
          ))}
        </Disclosure>
      )}
    </div>
  )
}

/** Rows of the chosen outcome, in the order of the columns by size; documents made before it was kept have those of the first alone. */
function stripsOf({ dependence, outputs }: Explanation, output: number, shown: ReadonlySet<string>): Strip[] {
  const order = (outputs[output] ?? outputs[0]!).features.map(({ feature }) => feature)
  const known = new Map(dependence.map((each) => [each.feature, each.points]))
  return order
    .filter((feature) => shown.has(feature))
    .flatMap((feature) => {
      const points = (known.get(feature) ?? []).flatMap(({ value, contribution, contributions }) => {
        const at = contributions?.[output] ?? (output === 0 ? contribution : undefined)
        return at === undefined ? [] : [{ value, at }]
      })
      return points.length === 0 ? [] : [{ label: feature, points }]
    })
}
