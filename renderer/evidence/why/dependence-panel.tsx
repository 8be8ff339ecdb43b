import { useState } from 'react'
import { countOf } from '../../../main/model/count-of'
import type { Dependence } from '../../../main/model/dependence'
import { spaceWords, type Explanation } from '../../../main/model/explanation'
import { DependenceChart } from '../../charts'
import { Field, Panel, Select } from '../../ui'

interface DependencePanelProps {
  explanation: Explanation
  /** Place of the outcome. */
  output: number
  dependence: Dependence | null
}

/** One column at a time: what rows got for their values, and how the answer goes when the value of all rows is changed. */
export function DependencePanel({ explanation, output, dependence }: DependencePanelProps) {
  const { features, name } = explanation.outputs[output] ?? explanation.outputs[0]!
  const [chosen, setChosen] = useState<string | null>(null)
  const feature = chosen ?? features[0]?.feature
  if (feature === undefined) return null
  const points = (explanation.dependence.find((each) => each.feature === feature)?.points ?? []).flatMap(
    ({ value, contribution, contributions }) => {
      const at = contributions?.[output] ?? (output === 0 ? contribution : undefined)
      return at === undefined ? [] : [{ value, at }]
    }
  )
  const measured = dependence?.features.find((each) => each.feature === feature)
  const curve = measured?.curves.find((each) => each.output === name && each.scale === 'answer')
  const unit = measured?.unit
  const format = measured?.kind === 'timestamp' ? (value: number) => new Date(value * 1000).toISOString().slice(0, 10) : undefined
  const xAxis = unit && !format ? `${feature}, ${unit}` : feature
  return (
    <Panel
      title="One column"
      actions={
        <Field label="Column" inline>
          <Select
            className="w-56"
            value={feature}
            onChange={setChosen}
            choices={features.map((each) => ({ value: each.feature, label: each.feature }))}
          />
        </Field>
      }
    >
      <div className="grid grid-cols-[repeat(auto-fit,minmax(min(380px,100%),1fr))] gap-3">
        <DependenceChart
          title="What rows got for their values"
          xAxis={xAxis}
          yAxis={`Contribution, ${spaceWords[explanation.space]}`}
          points={points}
          format={format}
          empty="What single rows got was kept for the first class alone. Explain again to have all."
        />
        {measured && curve && dependence && (
          <>
            <DependenceChart
              title="The mean answer when all rows get a value"
              xAxis={xAxis}
              yAxis={spaceWords[dependence.answer]}
              grid={measured.grid}
              curve={{ label: 'Mean answer', heights: curve.mean, low: curve.low, high: curve.high }}
              lines={curve.lines}
              format={format}
            />
            {curve.effect.some((each) => each !== null) && (
              <DependenceChart
                title="The effect among rows that are alike"
                xAxis={xAxis}
                yAxis={`Difference, ${spaceWords[dependence.answer]}`}
                grid={measured.grid}
                curve={{ label: 'Effect', heights: curve.effect }}
                format={format}
              />
            )}
          </>
        )}
      </div>
      <p className="pt-1 text-caption text-muted">
        {measured && curve && dependence
          ? `Partial dependence over ${countOf(dependence.rows, 'row')} with its 95% interval, and thin lines for ${countOf(curve.lines.length, 'row')} alone. The effect (accumulated local effects) asks only about values near those that rows have, so it holds where columns go together.`
          : 'The dots of one value differ because the other columns of their rows do.'}
        {measured && measured.leftOut > 0 && ` Rare texts of ${Math.round(100 * measured.leftOut)}% of the rows are not drawn.`}
      </p>
    </Panel>
  )
}
