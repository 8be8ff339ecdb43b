import { amountGapWords } from '../../../model/tasks/regression'
import { groupSentence } from '../../../model/tasks'
import { formatNumber, html, htmlFigure, htmlTable, svgBarChart, type Html } from '../../reports'
import { figure } from './baseline'
import type { AmountCardFairness } from './card-value'

const listed = 30
const optional = (value: number | null | undefined): string => (typeof value === 'number' ? figure(value) : '')

function groupFigure(fairness: AmountCardFairness): Html {
  const shown = [...fairness.groups].sort((a, b) => b.rows - a.rows).slice(0, listed)
  const rest = fairness.groups.length - shown.length
  return htmlFigure({
    title: 'Mean absolute error by group',
    reading: `With 95 % intervals of single groups. Lighter bars are groups too small to compare.${rest > 0 ? ` The ${rest} smallest groups are in the table only.` : ''}`,
    chart: svgBarChart({
      title: 'Mean absolute error by group',
      description: `Groups of ${fairness.column}`,
      value: { title: 'Mean absolute error', minimum: 0 },
      bars: shown.map((group) => ({ label: group.group, value: group.mae, low: group.maeLow, high: group.maeHigh, muted: !group.compared }))
    }),
    table: {
      columns: [
        { title: 'Group' },
        ...['Rows', 'RMSE', 'MAE', 'Lower', 'Upper', 'Mean error', 'Lower', 'Upper'].map((title) => ({ title, align: 'number' as const })),
        { title: 'Compared' }
      ],
      rows: fairness.groups.map((group) => [
        group.group,
        formatNumber(group.rows),
        figure(group.rmse),
        figure(group.mae),
        optional(group.maeLow),
        optional(group.maeHigh),
        figure(group.meanError),
        optional(group.meanErrorLow),
        optional(group.meanErrorHigh),
        group.compared ? 'yes' : (group.excludedBecause ?? 'no')
      ])
    }
  })
}

/** The comparison of groups: the gaps with what can be said of them, then the groups themselves. */
export function groupsSection(fairness: AmountCardFairness): Html {
  const { comparisons } = fairness
  const gaps = [
    { name: 'RMSE difference', value: fairness.rmseDifference, gap: comparisons.rmse, meaning: 'Largest gap of RMSE; 0 is alike' },
    {
      name: 'MAE difference',
      value: fairness.maeDifference,
      gap: comparisons.mae,
      meaning: 'Largest gap of the mean absolute error; 0 is alike'
    },
    {
      name: 'Mean error difference',
      value: fairness.meanErrorDifference,
      gap: comparisons.meanError,
      meaning: 'Largest gap of prediction minus outcome on average; 0 is alike'
    }
  ]
  const rows = gaps.map(({ name, value, gap, meaning }) => [
    name,
    value === null ? 'not measured' : figure(value),
    optional(gap.lower),
    optional(gap.upper),
    amountGapWords(gap),
    meaning
  ])
  const { worstLoss } = comparisons
  return html`<p>${groupSentence[comparisons.verdict]}</p>
    ${htmlTable({
      caption: 'All intervals hold at once with 95 % confidence, the number of groups counted in',
      columns: [
        { title: 'Comparison' },
        { title: 'Value', align: 'number' },
        { title: 'Lower', align: 'number' },
        { title: 'Upper', align: 'number' },
        { title: 'Groups' },
        { title: 'Meaning' }
      ],
      rows: [
        ...rows,
        [
          'Worst group loss',
          fairness.worstGroupLoss === null ? 'not measured' : figure(fairness.worstGroupLoss),
          optional(worstLoss.lower),
          optional(worstLoss.upper),
          '',
          'Mean loss of the group that fares worst (bounded group loss)'
        ],
        [
          'Parity distance',
          fairness.statisticalParityDistance === null ? 'not measured' : figure(fairness.statisticalParityDistance),
          '',
          '',
          '',
          'How far the predictions of a group are distributed from those of all; 0 is alike'
        ]
      ]
    })}${groupFigure(fairness)}`
}

/** One group in words, for lists that have no table. */
export const groupText = ({ rows, mae, meanError }: AmountCardFairness['groups'][number]): string =>
  `mean absolute error ${figure(mae)}, mean error ${figure(meanError)} over ${formatNumber(rows)} rows`
