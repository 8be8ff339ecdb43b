import { useState } from 'react'
import type { Evaluation } from '../../../main/model/evaluation'
import {
  gapWords,
  groupSentence,
  withinGap,
  withinRatio,
  type Fairness,
  type FairnessGroup,
  type GroupComparisons
} from '../../../main/model/tasks'
import { ForestPlot } from '../../charts'
import { formatCount, formatNumber, Panel, Select, Stat, StatusIcon, VirtualTable, type Column } from '../../ui'

const rates = {
  selectionRate: 'Selection rate',
  truePositiveRate: 'Recall',
  falsePositiveRate: 'False positive rate',
  precision: 'Precision',
  auc: 'AUC',
  calibrationGap: 'Calibration gap'
} as const
type Rate = keyof typeof rates

/** The same figures for each group of the fairness column; groups that are too small are listed with the reason. */
export function FairnessPanel({ evaluation }: { evaluation: Evaluation }) {
  const { fairness } = evaluation
  if (fairness === null)
    return (
      <Panel title="Groups">
        <p className="text-muted">No group column was named, so groups were not compared. Name one in the evaluate step of the pipeline.</p>
      </Panel>
    )
  return <Groups fairness={fairness} />
}

function Groups({ fairness }: { fairness: Fairness }) {
  const [rate, setRate] = useState<Rate>('selectionRate')
  const compared = fairness.groups.filter((group) => group.compared)
  const excluded = fairness.groups.filter((group) => !group.compared)
  const { comparisons } = fairness
  const said = (bounds: Bounded, gap?: Gap) => comparisons && saidOf(comparisons, bounds, gap)
  const share = (value: number | null) => (value === null ? null : formatNumber(value, 3))
  return (
    <Panel title={`Groups by ${fairness.column}`} hint={`${formatCount(compared.length, 'group')} compared, ${excluded.length} too small`}>
      {comparisons && (
        <p className="mb-2 flex items-start gap-2">
          <StatusIcon
            status={{ differ: 'warn' as const, alike: 'ok' as const, 'cannot-tell': 'info' as const }[comparisons.verdict]}
            className="mt-1"
          />
          {groupSentence[comparisons.verdict]}
        </p>
      )}
      <div className="mb-3 grid grid-cols-[repeat(auto-fill,minmax(190px,1fr))] gap-3">
        <Stat
          label="Disparate impact"
          value={share(fairness.disparateImpact)}
          unit="ratio"
          hint={said('selectionRatio', 'selection')}
          explain="Lowest over highest selection rate of the compared groups. A common rule asks for at least 0.8."
        />
        <Stat
          label="Selection gap"
          value={share(fairness.demographicParityDifference)}
          hint={said('selection', 'selection')}
          explain="Largest difference of selection rates."
        />
        <Stat
          label="Recall gap"
          value={share(fairness.equalOpportunityDifference)}
          hint={said('truePositive', 'truePositive')}
          explain="Largest difference of recall."
        />
        <Stat
          label="False positive gap"
          value={share(fairness.falsePositiveRateDifference)}
          hint={said('falsePositive', 'falsePositive')}
          explain="Largest difference of false positive rates."
        />
        <Stat
          label="Odds gap"
          value={share(fairness.equalisedOddsDifference)}
          hint={said('odds')}
          explain="The larger of recall gap and false positive gap."
        />
      </div>
      {comparisons && (
        <p className="text-caption text-muted">
          All of these intervals hold at once with {formatNumber(comparisons.level * 100)}% confidence, the number of groups counted in.
        </p>
      )}
      {fairness.notes.map((note) => (
        <p key={note} className="text-caption text-muted">
          {note}
        </p>
      ))}
      <div className="my-2 w-52">
        <Select
          aria-label="Rate of the chart"
          value={rate}
          onChange={setRate}
          choices={Object.entries(rates).map(([value, label]) => ({ value: value as Rate, label }))}
        />
      </div>
      <ForestPlot
        title={`${rates[rate]} by ${fairness.column}`}
        axis={rates[rate]}
        reference={rate === 'calibrationGap' ? 0 : undefined}
        height={420}
        interval={rate === 'auc' ? '95% CI' : '95% Wilson'}
        empty="Fewer than one group is large enough to be compared."
        rows={compared.map((group) => ({
          key: `group:${group.group}`,
          label: `${group.group} (n=${formatNumber(group.count)})`,
          value: group[rate],
          low: intervalOf(group, rate)?.lower,
          high: intervalOf(group, rate)?.upper
        }))}
      />
      {rate !== 'selectionRate' && compared.length > 0 && !compared[0].intervals && (
        <p className="text-caption text-muted">This evaluation has intervals of the selection rate only; evaluate again for the others.</p>
      )}
      <div className="mt-3 h-64">
        <VirtualTable
          label={`Groups by ${fairness.column}`}
          name="fairness groups"
          columns={groupColumns}
          rows={fairness.groups}
          rowKey={(group) => group.group}
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

type Bounded = 'selectionRatio' | 'selection' | 'truePositive' | 'falsePositive' | 'odds'
type Gap = 'selection' | 'truePositive' | 'falsePositive'

/** The interval of a gap and what can be said by it. */
function saidOf(comparisons: GroupComparisons, bounds: Bounded, gap?: Gap): string {
  const { lower, upper } = comparisons[bounds]
  const within = gap === 'selection' ? withinRatio(comparisons.tolerance) : withinGap(comparisons.tolerance)
  const words = gap && gapWords(comparisons[gap], within)
  const interval = lower === null || upper === null ? '' : `95% CI ${formatNumber(lower, 3)}\u2013${formatNumber(upper, 3)}`
  return [interval, words].filter(Boolean).join('; ')
}

const intervalOf = (group: FairnessGroup, rate: Rate) =>
  rate === 'selectionRate' ? { lower: group.selectionLower, upper: group.selectionUpper } : group.intervals?.[rate]

const rateColumn = (id: Rate, width = 100): Column<FairnessGroup> => ({
  id,
  header: rates[id],
  numeric: true,
  width,
  value: (group) => group[id],
  cell: (group) => {
    const interval = intervalOf(group, id)
    const hint = interval && `95% CI ${formatNumber(interval.lower, 3)} to ${formatNumber(interval.upper, 3)}`
    return <span title={hint}>{formatNumber(group[id], 3)}</span>
  }
})

const groupColumns: Column<FairnessGroup>[] = [
  { id: 'group', header: 'Group', value: (group) => group.group, width: 170, pinned: true },
  { id: 'count', header: 'Rows', numeric: true, width: 80, value: (group) => group.count },
  {
    id: 'excluded',
    header: 'Not compared because',
    value: (group) => group.excludedBecause,
    width: 230,
    cell: (group) => (
      <span className="truncate" title={group.excludedBecause ?? undefined}>
        {group.excludedBecause ?? ''}
      </span>
    )
  },
  { id: 'positives', header: 'Positive', numeric: true, width: 80, value: (group) => group.positives },
  rateColumn('selectionRate', 110),
  {
    id: 'interval',
    header: '95% Wilson',
    numeric: true,
    width: 120,
    value: (group) => group.selectionLower,
    cell: (group) => `${formatNumber(group.selectionLower, 3)}\u2013${formatNumber(group.selectionUpper, 3)}`
  },
  {
    id: 'ratio',
    header: 'To highest',
    numeric: true,
    width: 90,
    value: (group) => group.selectionRatio,
    cell: (group) => formatNumber(group.selectionRatio, 3)
  },
  rateColumn('truePositiveRate', 80),
  rateColumn('falsePositiveRate', 130),
  rateColumn('precision', 90),
  rateColumn('auc', 70),
  rateColumn('calibrationGap', 120)
]
