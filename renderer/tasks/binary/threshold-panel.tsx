import { useMemo, useState } from 'react'
import type { Evaluation } from '../../../main/model/evaluation'
import { ConfusionMatrix } from '../../charts'
import { Button, formatNumber, KeyValueList, Panel } from '../../ui'
import { thresholdStates } from './evaluation-series'

/** What would be decided at another threshold: counts and rates from the sweep of the evaluation. */
export function ThresholdPanel({ evaluation }: { evaluation: Evaluation }) {
  const states = useMemo(() => thresholdStates(evaluation), [evaluation])
  const decided = states.findIndex((state) => Math.abs(state.threshold - evaluation.threshold) < 1e-9)
  const [index, setIndex] = useState(decided)
  const state = states[index]
  const { confusion } = state
  const rate = (value: number | null) => (value === null ? 'no value' : formatNumber(value, 3))
  const positive = `${String(evaluation.target.positive)}`
  return (
    <Panel
      title="Confusion matrix"
      actions={
        <Button size="sm" disabled={index === decided} onClick={() => setIndex(decided)}>
          Back to {formatNumber(evaluation.threshold, 2)}
        </Button>
      }
    >
      <label className="flex items-center gap-3">
        <span className="shrink-0 text-caption text-muted">Threshold</span>
        <input
          type="range"
          className="h-7 min-w-0 flex-1 accent-accent-fill"
          aria-label="Decision threshold"
          aria-valuetext={formatNumber(state.threshold, 2)}
          min={0}
          max={states.length - 1}
          step={1}
          value={index}
          onChange={(event) => setIndex(Number(event.target.value))}
        />
        <output className="w-10 text-right font-mono tabular-nums">{formatNumber(state.threshold, 2)}</output>
      </label>
      <div className="flex flex-wrap items-start gap-x-6 gap-y-2">
        <ConfusionMatrix
          title="Rows"
          labels={['other', positive]}
          counts={[
            [confusion.trueNegative, confusion.falsePositive],
            [confusion.falseNegative, confusion.truePositive]
          ]}
          threshold={state.threshold}
        />
        <KeyValueList
          className="min-w-44 flex-1 tabular-nums"
          labelWidth={104}
          items={[
            { label: 'Precision', value: rate(state.precision) },
            { label: 'Recall', value: rate(state.recall) },
            { label: 'F1', value: rate(state.f1) },
            { label: 'Accuracy', value: rate(state.accuracy) },
            { label: 'False positive rate', value: rate(state.falsePositiveRate) },
            { label: 'Selected', value: `${formatNumber(state.selectionRate * 100, 1)}% of rows` }
          ]}
        />
      </div>
      {index !== decided && (
        <p className="text-caption text-muted">
          A what-if only: the recorded metrics belong to the threshold {formatNumber(evaluation.threshold, 2)}.
        </p>
      )}
    </Panel>
  )
}
