import { useState } from 'react'
import type { BinaryEvaluation } from '../../../main/model/evaluation'
import { groupSentence, type Fairness } from '../../../main/model/tasks'
import { ForestPlot } from '../../charts'
import { formatCount, formatNumber, Panel, Select, StatusIcon } from '../../ui'
import { FairnessGaps } from './fairness-gaps'
import { FairnessTable, intervalOf, rates, type Rate } from './fairness-table'

/** The same figures for each group of the fairness column; groups that are too small are listed with the reason. */
export function FairnessPanel({ evaluation }: { evaluation: BinaryEvaluation }) {
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
      <FairnessGaps fairness={fairness} />
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
        <FairnessTable fairness={fairness} />
      </div>
      {fairness.unlistedGroups > 0 && (
        <p className="mt-1 text-caption text-muted">
          {formatCount(fairness.unlistedGroups, 'further group')}, the smallest, are not listed one by one.
        </p>
      )}
    </Panel>
  )
}
