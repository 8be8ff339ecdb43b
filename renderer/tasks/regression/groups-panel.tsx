import { useState } from 'react'
import {
  amountGapWords,
  type AmountGap,
  type GroupAmount,
  type RegressionFairness,
  type RegressionGroup
} from '../../../main/model/tasks/regression'
import { ForestPlot } from '../../charts'
import { formatAuto, formatNumber, Select, type Column } from '../../ui'
import { GapFigures, GroupsFrame, GroupTable, NoGroups } from '../groups'
import type { JudgedAmounts } from './judged'

const figures: Record<GroupAmount, string> = { mae: 'MAE', rmse: 'RMSE', meanError: 'Mean error', loss: 'Loss' }

/** The same figures for each group of the fairness column; groups that are too small are listed with the reason. */
export function GroupsPanel({ evaluation }: { evaluation: JudgedAmounts }) {
  const { fairness } = evaluation
  return fairness === null ? <NoGroups /> : <Groups fairness={fairness} />
}

function Groups({ fairness }: { fairness: RegressionFairness }) {
  const [figure, setFigure] = useState<GroupAmount>('mae')
  const { comparisons, column } = fairness
  const compared = fairness.groups.filter((group) => group.compared)
  return (
    <GroupsFrame fairness={fairness} verdict={comparisons.verdict} gaps={<Gaps fairness={fairness} />}>
      <div className="my-2 w-52">
        <Select
          aria-label="Figure of the chart"
          value={figure}
          onChange={setFigure}
          choices={Object.entries(figures).map(([value, label]) => ({ value: value as GroupAmount, label }))}
        />
      </div>
      <ForestPlot
        title={`${figures[figure]} by ${column}`}
        axis={figure === 'meanError' ? 'Prediction minus outcome' : figures[figure]}
        reference={figure === 'meanError' ? 0 : undefined}
        height={360}
        decimals={null}
        empty="Fewer than one group is large enough to be compared."
        rows={compared.map((group) => ({
          key: `group:${group.group}`,
          label: `${group.group} (n=${formatNumber(group.count)})`,
          value: group[figure],
          low: group.intervals[figure]?.lower,
          high: group.intervals[figure]?.upper
        }))}
      />
      <div className="mt-3">
        <GroupTable fairness={fairness} name="groups of amounts" columns={columns} />
      </div>
    </GroupsFrame>
  )
}

function Gaps({ fairness }: { fairness: RegressionFairness }) {
  const { comparisons } = fairness
  const gaps: [string, number | null, string, string][] = [
    ['RMSE gap', fairness.rmseDifference, hintOf(comparisons.rmse), 'Largest difference of RMSE.'],
    ['MAE gap', fairness.maeDifference, hintOf(comparisons.mae), 'Largest difference of the mean absolute error.'],
    ['Mean error gap', fairness.meanErrorDifference, hintOf(comparisons.meanError), 'Largest difference of prediction minus outcome.'],
    [
      'Worst group loss',
      fairness.worstGroupLoss,
      [reach(comparisons.worstLoss), fairness.worstGroup ?? ''].filter(Boolean).join('; '),
      'Mean loss of the group that fares worst; bounded group loss asks it to stay below a limit.'
    ],
    [
      'Parity distance',
      fairness.statisticalParityDistance,
      '',
      'How far the predictions of a group are distributed from those of all; 0 is alike.'
    ]
  ]
  return (
    <GapFigures
      gaps={gaps.map(([label, value, hint, explain]) => ({ label, value: value === null ? null : formatAuto(value), hint, explain }))}
      held={{ level: comparisons.level, counted: 'the number of groups' }}
    />
  )
}

const reach = ({ lower, upper }: { lower: number | null; upper: number | null }): string =>
  lower === null || upper === null ? '' : `95% CI ${formatAuto(lower)}\u2013${formatAuto(upper)}`

const hintOf = (gap: AmountGap): string => [reach(gap), amountGapWords(gap)].filter(Boolean).join('; ')

const amount = (id: GroupAmount, width = 100): Column<RegressionGroup> => ({
  id,
  header: figures[id],
  numeric: true,
  width,
  value: (group) => group[id],
  cell: (group) => {
    const interval = group.intervals[id]
    return <span title={interval && `95% CI ${formatAuto(interval.lower)} to ${formatAuto(interval.upper)}`}>{formatAuto(group[id])}</span>
  }
})

const columns: Column<RegressionGroup>[] = [
  { id: 'group', header: 'Group', value: ({ group }) => group, width: 170, pinned: true },
  { id: 'count', header: 'Rows', numeric: true, width: 80, value: ({ count }) => count },
  amount('rmse'),
  amount('mae'),
  amount('meanError', 110),
  amount('loss'),
  {
    id: 'outcome',
    header: 'Mean outcome',
    numeric: true,
    width: 120,
    value: ({ meanOutcome }) => meanOutcome,
    cell: ({ meanOutcome }) => formatAuto(meanOutcome)
  },
  {
    id: 'prediction',
    header: 'Mean prediction',
    numeric: true,
    width: 130,
    value: ({ meanPrediction }) => meanPrediction,
    cell: ({ meanPrediction }) => formatAuto(meanPrediction)
  }
]
