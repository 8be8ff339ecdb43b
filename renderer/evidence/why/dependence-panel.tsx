import { useState } from 'react'
import type { Dependence } from '../../../main/model/dependence'
import { spaceWords, type Explanation, type ExplanationSpace } from '../../../main/model/explanation'
import { DependenceChart } from '../../charts'
import { Field, Panel, Select } from '../../ui'
import { axisFormat, curveWords, DependenceCurves } from './dependence-curves'

/** What contributions are counted in, as short as an upright axis has room for; the sentences above say it in full. */
const spaceOnAxis: Record<ExplanationSpace, string> = { ...spaceWords, 'class-score': 'class score', 'log-amount': 'log of the amount' }

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
          xAxis={measured?.unit && measured.kind !== 'timestamp' ? `${feature}, ${measured.unit}` : feature}
          yAxis={`Contribution, ${spaceOnAxis[explanation.space]}`}
          points={points}
          format={axisFormat(measured?.kind)}
          empty="What single rows got was kept for the first class alone. Explain again to have all."
        />
        {measured && dependence && <DependenceCurves dependence={dependence} measured={measured} output={name} />}
      </div>
      <p className="pt-1 text-caption text-muted">
        The dots of one value differ because the other columns of their rows do.{' '}
        {measured && dependence && curveWords(dependence, measured)}
      </p>
    </Panel>
  )
}
