import { useState } from 'react'
import { countOf } from '../../../main/model/count-of'
import type { Dependence, DependenceFeature } from '../../../main/model/dependence'
import { spaceWords } from '../../../main/model/explanation'
import { utc } from '../../../main/model/point-in-time'
import { DependenceChart } from '../../charts'
import { Field, Select } from '../../ui'

/** Points in time as days on an axis; numbers as they are. */
export const axisFormat = (kind: DependenceFeature['kind'] | undefined): ((value: number) => string) | undefined =>
  kind === 'timestamp' ? (value) => utc(value).slice(0, 10) : undefined

interface DependenceCurvesProps {
  dependence: Dependence
  measured: DependenceFeature
  /** Name of the outcome. */
  output: string
}

/** Partial dependence with lines of single rows, and accumulated local effects, of one column. */
export function DependenceCurves({ dependence, measured, output }: DependenceCurvesProps) {
  const curve = measured.curves.find((each) => each.output === output && each.scale === 'answer')
  if (!curve) return null
  const { feature, unit, kind, grid } = measured
  const shared = { xAxis: unit && kind !== 'timestamp' ? `${feature}, ${unit}` : feature, grid, format: axisFormat(kind) }
  return (
    <>
      <DependenceChart
        {...shared}
        title="The mean answer when all rows get a value"
        yAxis={spaceWords[dependence.answer]}
        curve={{ label: 'Mean answer', heights: curve.mean, low: curve.low, high: curve.high }}
        lines={curve.lines}
      />
      {curve.effect.some((each) => each !== null) && (
        <DependenceChart
          {...shared}
          title="The effect among rows that are alike"
          yAxis={`Difference, ${spaceWords[dependence.answer]}`}
          curve={{ label: 'Effect', heights: curve.effect }}
        />
      )}
    </>
  )
}

/** What the curves are and what they leave out. */
export function curveWords(dependence: Dependence, { leftOut }: DependenceFeature): string {
  const means = `Partial dependence over ${countOf(dependence.rows, 'row')} with its 95% interval, and of numbers a thin line for each of ${countOf(dependence.lines, 'row')}.`
  const effects =
    'The effect (accumulated local effects) asks only about values near those that rows have, so it holds where columns go together.'
  return `${means} ${effects}${leftOut > 0 ? ` Rare texts of ${Math.ceil(100 * leftOut)}% of the rows are not drawn.` : ''}`
}

/** A document of dependence by itself: column by column. */
export function DependenceView({ dependence }: { dependence: Dependence }) {
  const { features, outputs, narrative } = dependence
  const [feature, setFeature] = useState(features[0]?.feature)
  const [output, setOutput] = useState(outputs[0]!)
  const measured = features.find((each) => each.feature === feature)
  return (
    <div className="flex flex-col gap-3">
      <div data-selectable>
        {narrative.map((line) => (
          <p key={line}>{line}</p>
        ))}
      </div>
      <div className="flex flex-wrap gap-3">
        <Field label="Column">
          <Select
            className="w-56"
            value={feature ?? null}
            onChange={setFeature}
            choices={features.map((each) => ({ value: each.feature, label: each.feature }))}
          />
        </Field>
        {outputs.length > 1 && (
          <Field label="Class">
            <Select className="w-48" value={output} onChange={setOutput} choices={outputs.map((name) => ({ value: name, label: name }))} />
          </Field>
        )}
      </div>
      {measured && (
        <>
          <div className="grid grid-cols-[repeat(auto-fit,minmax(min(380px,100%),1fr))] gap-3">
            <DependenceCurves dependence={dependence} measured={measured} output={output} />
          </div>
          <p className="text-caption text-muted">{curveWords(dependence, measured)}</p>
        </>
      )}
    </div>
  )
}
