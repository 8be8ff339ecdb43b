import { useMemo, useState } from 'react'
import type { BinaryEvaluation } from '../../../main/model/evaluation'
import type { Bounds } from '../../../main/model/tasks'
import { ConfusionMatrix } from '../../charts'
import { Button, formatNumber, KeyValueList, Panel } from '../../ui'
import { intervalsAt, intervalWords, thresholdStates } from './threshold-states'

/** What would be decided at another threshold: counts and rates from the sweep of the evaluation. */
export function ThresholdPanel({ evaluation }: { evaluation: BinaryEvaluation }) {
  const states = useMemo(() => thresholdStates(evaluation), [evaluation])
  const decided = states.findIndex((state) => Math.abs(state.threshold - evaluation.threshold) < 1e-9)
  const [index, setIndex] = useState(decided)
  const state = states[index]
  const { confusion } = state
  const intervals = intervalsAt(evaluation, state)
  const isWeighted = evaluation.weightedConfusion !== undefined
  const shown = (rows: number): number => (isWeighted ? Number(rows.toFixed(1)) : rows)
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
          title={isWeighted ? 'Rows, by weight' : 'Rows'}
          labels={['other', positive]}
          counts={[
            [shown(confusion.trueNegative), shown(confusion.falsePositive)],
            [shown(confusion.falseNegative), shown(confusion.truePositive)]
          ]}
          threshold={state.threshold}
        />
        <KeyValueList
          className="min-w-44 flex-1 tabular-nums"
          labelWidth={104}
          items={[
            { label: 'Precision', value: <Rate value={state.precision} interval={intervals.precision} /> },
            { label: 'Recall', value: <Rate value={state.recall} interval={intervals.recall} /> },
            { label: 'F1', value: <Rate value={state.f1} interval={intervals.f1} /> },
            { label: 'Accuracy', value: <Rate value={state.accuracy} interval={intervals.accuracy} /> },
            { label: 'False positive rate', value: <Rate value={state.falsePositiveRate} interval={intervals.falsePositiveRate} /> },
            {
              label: 'Selected',
              value: (
                <>
                  <span>{formatNumber(state.selectionRate * 100, 1)}% of rows</span>
                  <Reach from={intervals.selectionRate} factor={100} decimals={1} unit="%" />
                </>
              )
            }
          ]}
        />
      </div>
      <p className="text-caption text-muted">
        {intervalWords(evaluation)}
        {index !== decided && (
          <>
            {' '}
            A what-if only: the recorded metrics belong to the threshold {formatNumber(evaluation.threshold, 2)}, and one that is chosen by
            these rows looks better here than it will be.
          </>
        )}
      </p>
    </Panel>
  )
}

/** A share with its interval. */
function Rate({ value, interval }: { value: number | null; interval: Bounds | null }) {
  if (value === null) return <>no value</>
  return (
    <>
      <span>{formatNumber(value, 3)}</span>
      <Reach from={interval} factor={1} decimals={3} />
    </>
  )
}

function Reach({ from, factor, decimals, unit = '' }: { from: Bounds | null; factor: number; decimals: number; unit?: string }) {
  if (!from) return null
  return (
    <span className="ml-2 whitespace-nowrap text-muted">
      <span className="sr-only">95% CI </span>
      {formatNumber(from.lower * factor, decimals)}
      {'\u2013'}
      {formatNumber(from.upper * factor, decimals)}
      {unit}
    </span>
  )
}
