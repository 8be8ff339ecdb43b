import { useState } from 'react'
import { groupSentence } from '../../../main/model/tasks'
import {
  amountGapWords,
  type AmountGap,
  type GroupAmount,
  type RegressionFairness,
  type RegressionGroup
} from '../../../main/model/tasks/regression'
import { ForestPlot } from '../../charts'
import { formatAuto, formatCount, formatNumber, Panel, Select, Stat, StatusIcon, VirtualTable, type Column } from '../../ui'
import type { JudgedAmounts } from './judged'

const figures: Record<GroupAmount, string> = { mae: 'MAE', rmse: 'RMSE', meanError: 'Mean error', loss: 'Loss' }

/** The same figures for each group of the fairness column; groups that are too small are listed with the reason. */
export function GroupsPanel({ evaluation }: { evaluation: JudgedAmounts }) {
  const { fairness } = evaluation
  if (fairness === null)
    return (
      <Panel title="Groups">
        <p className="text-muted">No group column was named, so groups were not compared. Name one in the evaluate step of the pipeline.</p>
      </Panel>
    )
  return <Groups fairness={fairness} />
}

function Groups({ fairness }: { fairness: RegressionFairness }) {
  const [figure, setFigure] = useState<GroupAmount>('mae')
  const { comparisons, column } = fairness
  const compared = fairness.groups.filter((group) => group.compared)
  return (
    <Panel
      title={`Groups by ${column}`}
      hint={`${formatCount(compared.length, 'group')} compared, ${fairness.groups.length - compared.length} too small`}
    >
      <p className="mb-2 flex items-start gap-2">
        <StatusIcon
          status={{ differ: 'warn' as const, alike: 'ok' as const, 'cannot-tell': 'info' as const }[comparisons.verdict]}
          className="mt-1"
        />
        {groupSentence[comparisons.verdict]}
      </p>
      <Gaps fairness={fairness} />
      {fairness.notes.map((note) => (
        <p key={note} className="text-caption text-muted">
          {note}
        </p>
      ))}
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
        empty="Fewer than one group is large enough to be compared."
        rows={compared.map((group) => ({
          key: `group:${group.group}`,
          label: `${group.group} (n=${formatNumber(group.count)})`,
          value: group[figure],
          low: group.intervals[figure]?.lower,
          high: group.intervals[figure]?.upper
        }))}
      />
      <div className="mt-3 h-64">
        <VirtualTable
          label={`Groups by ${column}`}
          name="groups of amounts"
          columns={columns}
          rows={fairness.groups}
          rowKey={({ group }) => group}
          empty={<p className="p-3 text-muted">The column has no values.</p>}
        />
      </div>
      {fairness.unlistedGroups > 0 && (
        <p className="mt-1 text-caption text-muted">
          {formatCount(fairness.unlistedGroups, 'further group')}, the smallest, are not listed one by one.
        </p>
      )}
    </Panel>
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
    <>
      <div className="mb-3 grid grid-cols-[repeat(auto-fill,minmax(190px,1fr))] gap-3">
        {gaps.map(([label, value, hint, explain]) => (
          <Stat key={label} label={label} value={value === null ? null : formatAuto(value)} hint={hint} explain={explain} />
        ))}
      </div>
      <p className="text-caption text-muted">
        All of these intervals hold at once with {formatNumber(comparisons.level * 100)}% confidence, the number of groups counted in.
      </p>
    </>
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
  },
  { id: 'excluded', header: 'Not compared because', width: 230, value: ({ excludedBecause }) => excludedBecause }
]
