import { useState } from 'react'
import type { Evaluation } from '../../../main/model/evaluation'
import type { Fairness, FairnessGroup } from '../../../main/model/tasks'
import { ForestPlot } from '../../charts'
import { formatCount, formatNumber, Panel, Select, Stat, VirtualTable, type Column } from '../../ui'

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
  const share = (value: number | null) => (value === null ? null : formatNumber(value, 3))
  return (
    <Panel title={`Groups by ${fairness.column}`} hint={`${formatCount(compared.length, 'group')} compared, ${excluded.length} too small`}>
      <div className="mb-3 grid grid-cols-[repeat(auto-fill,minmax(170px,1fr))] gap-3">
        <Stat
          label="Disparate impact"
          value={share(fairness.disparateImpact)}
          explain="Lowest over highest selection rate of the compared groups. A common rule asks for at least 0.8."
        />
        <Stat label="Selection gap" value={share(fairness.demographicParityDifference)} explain="Largest difference of selection rates." />
        <Stat label="Recall gap" value={share(fairness.equalOpportunityDifference)} explain="Largest difference of recall." />
        <Stat
          label="False positive gap"
          value={share(fairness.falsePositiveRateDifference)}
          explain="Largest difference of false positive rates."
        />
        <Stat label="Odds gap" value={share(fairness.equalisedOddsDifference)} explain="The larger of recall gap and false positive gap." />
      </div>
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
        interval={rate === 'selectionRate' ? '95% Wilson' : '95% CI'}
        empty="Fewer than one group is large enough to be compared."
        rows={compared.map((group) => ({
          key: `group:${group.group}`,
          label: `${group.group} (n=${formatNumber(group.count)})`,
          value: group[rate],
          low: rate === 'selectionRate' ? group.selectionLower : null,
          high: rate === 'selectionRate' ? group.selectionUpper : null
        }))}
      />
      {rate !== 'selectionRate' && <p className="text-caption text-muted">Intervals were computed for the selection rate only.</p>}
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

const rateColumn = (id: Rate, width = 100): Column<FairnessGroup> => ({
  id,
  header: rates[id],
  numeric: true,
  width,
  value: (group) => group[id],
  cell: (group) => formatNumber(group[id], 3)
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
