import { useState } from 'react'
import type { BinaryEvaluation } from '../../../main/model/evaluation'
import type { Fairness } from '../../../main/model/tasks'
import { ForestPlot } from '../../charts'
import { formatNumber, Select } from '../../ui'
import { GroupsFrame, GroupTable, NoGroups } from '../groups'
import { FairnessGaps } from './fairness-gaps'
import { groupColumns, intervalOf, rates, type Rate } from './group-columns'

/** The same figures for each group of the fairness column; groups that are too small are listed with the reason. */
export function FairnessPanel({ evaluation }: { evaluation: BinaryEvaluation }) {
  const { fairness } = evaluation
  return fairness === null ? <NoGroups /> : <Groups fairness={fairness} />
}

function Groups({ fairness }: { fairness: Fairness }) {
  const [rate, setRate] = useState<Rate>('selectionRate')
  const compared = fairness.groups.filter((group) => group.compared)
  return (
    <GroupsFrame fairness={fairness} verdict={fairness.comparisons?.verdict} gaps={<FairnessGaps fairness={fairness} />}>
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
      <div className="mt-3">
        <GroupTable fairness={fairness} name="fairness groups" columns={groupColumns} />
      </div>
    </GroupsFrame>
  )
}
