import { useState } from 'react'
import { gapWords, withinGap, type GroupGap } from '../../../main/model/tasks'
import type { ClassFairness, ClassGroup } from '../../../main/model/tasks/multiclass'
import { ForestPlot } from '../../charts'
import { formatNumber, Select, tableHeight, type Column } from '../../ui'
import { GapFigures, GroupsFrame, GroupTable, NoGroups } from '../groups'
import { ClassGapTable } from './class-gap-table'
import type { JudgedClasses } from './judged'

/** The same figures for each group of the fairness column; groups that are too small are listed with the reason. */
export function GroupsPanel({ evaluation }: { evaluation: JudgedClasses }) {
  const { fairness } = evaluation
  return fairness === null ? <NoGroups /> : <Groups fairness={fairness} />
}

const gaps = (fairness: ClassFairness): { label: string; value: number | null; gap: GroupGap; explain: string }[] => {
  const { accuracy, selection, truePositive } = fairness.comparisons
  return [
    { label: 'Accuracy gap', value: fairness.accuracyDifference, gap: accuracy, explain: 'Largest difference of accuracy.' },
    {
      label: 'Selection gap',
      value: fairness.demographicParityDifference,
      gap: selection,
      explain: 'Largest difference of the share decided for a class, over all classes.'
    },
    {
      label: 'Recall gap',
      value: fairness.equalOpportunityDifference,
      gap: truePositive,
      explain: 'Largest difference of the recall of a class, over all classes.'
    }
  ]
}

function Groups({ fairness }: { fairness: ClassFairness }) {
  const { comparisons, classes } = fairness
  const compared = fairness.groups.filter((group) => group.compared)
  const within = withinGap({ ...comparisons.tolerance, ratio: 0 })
  return (
    <GroupsFrame
      fairness={fairness}
      verdict={comparisons.verdict}
      gaps={
        <GapFigures
          gaps={gaps(fairness).map(({ label, value, gap, explain }) => ({
            ...{ label, value: value === null ? null : formatNumber(value, 3) },
            ...{ hint: hintOf(gap, within), explain }
          }))}
          held={{ level: comparisons.level, counted: 'the numbers of groups and classes' }}
        />
      }
    >
      <GroupChart fairness={fairness} compared={compared} />
      <div className="mt-3 grid grid-cols-[repeat(auto-fit,minmax(min(420px,100%),1fr))] gap-3">
        <div style={{ height: tableHeight(classes.length, 256) }}>
          <ClassGapTable classes={classes} within={within} />
        </div>
        <GroupTable fairness={fairness} name="groups of classes" columns={groupColumns} />
      </div>
    </GroupsFrame>
  )
}

/** The interval of a gap and what can be said by it. */
function hintOf(gap: GroupGap, within: string): string {
  const interval = gap.lower === null || gap.upper === null ? '' : `95% CI ${formatNumber(gap.lower, 3)}\u2013${formatNumber(gap.upper, 3)}`
  return [interval, gapWords(gap, within)].filter(Boolean).join('; ')
}

/** Accuracy of each compared group, or the recall of one class in it. */
function GroupChart({ fairness: { column, classes }, compared }: { fairness: ClassFairness; compared: readonly ClassGroup[] }) {
  const [of, setOf] = useState('accuracy')
  const choices = [
    { value: 'accuracy', label: 'Accuracy' },
    ...classes.map((each, place) => ({ value: String(place), label: `Recall of ${String(each.class)}` }))
  ]
  const title = choices.find(({ value }) => value === of)!.label
  return (
    <>
      <div className="my-2 w-64">
        <Select aria-label="Rate of the chart" value={of} onChange={setOf} choices={choices} />
      </div>
      <ForestPlot
        title={`${title} by ${column}`}
        axis={title}
        height={360}
        interval="95% Wilson"
        empty="Fewer than one group is large enough to be compared."
        rows={compared.map((group) => ({
          key: `group:${group.group}`,
          label: `${group.group} (n=${formatNumber(of === 'accuracy' ? group.count : group.classCounts[Number(of)])})`,
          value: of === 'accuracy' ? group.accuracy : group.truePositiveRate[Number(of)],
          ...(of === 'accuracy' && { low: group.accuracyLower, high: group.accuracyUpper })
        }))}
      />
    </>
  )
}

const groupColumns: Column<ClassGroup>[] = [
  { id: 'group', header: 'Group', value: ({ group }) => group, width: 150, pinned: true },
  { id: 'count', header: 'Rows', numeric: true, width: 80, value: ({ count }) => count },
  {
    id: 'accuracy',
    header: 'Accuracy',
    numeric: true,
    width: 90,
    value: ({ accuracy }) => accuracy,
    cell: ({ accuracy }) => formatNumber(accuracy, 3)
  },
  {
    id: 'interval',
    header: '95% Wilson',
    numeric: true,
    width: 120,
    value: ({ accuracyLower }) => accuracyLower,
    cell: ({ accuracyLower, accuracyUpper }) => `${formatNumber(accuracyLower, 3)}\u2013${formatNumber(accuracyUpper, 3)}`
  }
]
