import type { BinaryCard, ModelCard } from '../../../model/model-card'
import { gapWords, groupSentence, withinGap, withinRatio, type Estimate } from '../../../model/tasks'
import { formatNumber, formatShare, html, htmlFigure, htmlTable, svgBarChart, svgHistogram, svgLineChart, type Html } from '../../reports'

type Evaluation = BinaryCard
const listed = 30

/** At most `count` items spread evenly, first and last kept: a table of 500 curve points helps nobody. */
function thin<T>(items: readonly T[], count: number): T[] {
  if (items.length <= count) return [...items]
  return Array.from({ length: count }, (_, index) => items[Math.round((index * (items.length - 1)) / (count - 1))] as T)
}

function rocFigure({ roc, metrics }: Evaluation): Html | '' {
  if (roc.length < 2) return ''
  const auc = metrics.find((metric) => metric.name === 'auc')
  const bounds =
    auc?.low === undefined || auc.high === undefined ? '' : `, 95 % CI ${formatNumber(auc.low, 3)} to ${formatNumber(auc.high, 3)}`
  const reading = `Area ${formatNumber(auc?.value, 3)}${bounds}. Up and left is better.`
  return htmlFigure({
    title: 'ROC curve',
    reading,
    chart: svgLineChart({
      title: 'ROC curve',
      description: reading,
      x: { title: 'False positive rate', minimum: 0, maximum: 1 },
      y: { title: 'True positive rate', minimum: 0, maximum: 1 },
      series: [{ name: 'Model', points: roc }],
      reference: { name: 'Chance', from: [0, 0], to: [1, 1] }
    }),
    table: {
      caption: roc.length > listed ? `${listed} of ${roc.length} points; all of them are in evidence/evaluation.json` : 'Every point',
      columns: [
        { title: 'False positive rate', align: 'number' },
        { title: 'True positive rate', align: 'number' }
      ],
      rows: thin(roc, listed).map(([x, y]) => [x.toFixed(4), y.toFixed(4)])
    }
  })
}

/** The error with its interval and what it means, as far as the evaluation knows. */
function calibrationReading({ metrics, reliability }: Evaluation): string {
  const along = 'On the dashed line, stated probabilities come true.'
  const error = metrics.find((metric) => metric.name === 'calibration_debiased')
  if (!error || !reliability) {
    const plain = metrics.find((metric) => metric.name === 'calibration_error')
    return `Expected calibration error ${formatNumber(plain?.value, 3)}. ${along}`
  }
  const figure = (name: string, { value, interval }: Estimate) =>
    interval === null
      ? `The ${name} has no value.`
      : `${name} ${formatNumber(value, 3)} (95 % CI ${formatNumber(interval.lower, 3)} to ${formatNumber(interval.upper, 3)})`
  return `Calibration error ${formatNumber(error.value, 3)} (95 % CI ${formatNumber(error.low, 3)} to ${formatNumber(error.high, 3)}), chance taken off; a calibrated model looks as far off in ${formatShare(reliability.p)} of evaluations. ${figure('Slope', reliability.slope)}, ${figure('intercept', reliability.intercept)}; 1 and 0 are calibrated. ${along}`
}

function calibrationFigure(evaluation: Evaluation): Html | '' {
  const { calibration } = evaluation
  if (calibration.length === 0) return ''
  const reading = calibrationReading(evaluation)
  return htmlFigure({
    title: 'Calibration',
    reading,
    chart: svgLineChart({
      title: 'Calibration',
      description: reading,
      x: { title: 'Predicted probability (mean of the bin)', minimum: 0, maximum: 1 },
      y: { title: 'Observed share of positives', minimum: 0, maximum: 1 },
      series: [
        {
          name: 'Bins with 95 % Wilson intervals',
          style: 'markers',
          points: calibration.map((bin) => [bin.predicted, bin.observed] as const),
          intervals: calibration.flatMap((bin) =>
            bin.low === undefined || bin.high === undefined ? [] : [[bin.predicted, bin.low, bin.high] as const]
          )
        }
      ],
      reference: { name: 'Perfect calibration', from: [0, 0], to: [1, 1] }
    }),
    table: {
      columns: ['Predicted', 'Observed', 'Lower', 'Upper', 'Rows'].map((title) => ({ title, align: 'number' as const })),
      rows: calibration.map((bin) => [
        bin.predicted.toFixed(4),
        bin.observed.toFixed(4),
        bin.low?.toFixed(4) ?? '',
        bin.high?.toFixed(4) ?? '',
        formatNumber(bin.count)
      ])
    }
  })
}

function histogramFigure({ histogram, confusion }: Evaluation): Html | '' {
  if (histogram.length === 0) return ''
  const total = histogram.reduce((sum, bin) => sum + bin.positives + bin.negatives, 0)
  const reading = `Scores of ${formatNumber(total)} test rows by what really happened.`
  return htmlFigure({
    title: 'Scores',
    reading,
    chart: svgHistogram({
      title: 'Scores',
      description: reading,
      x: { title: 'Predicted probability', minimum: 0, maximum: 1 },
      y: { title: 'Rows', minimum: 0 },
      series: ['Negative', 'Positive'],
      bins: histogram.map((bin) => ({ from: bin.from, to: bin.to, counts: [bin.negatives, bin.positives] })),
      reference: confusion ? { name: `Threshold ${formatNumber(confusion.threshold, 3)}`, value: confusion.threshold } : undefined
    }),
    table: {
      columns: ['From', 'To', 'Negative rows', 'Positive rows'].map((title) => ({ title, align: 'number' as const })),
      rows: histogram.map((bin) => [bin.from.toFixed(3), bin.to.toFixed(3), formatNumber(bin.negatives), formatNumber(bin.positives)])
    }
  })
}

function confusionTable({ confusion }: Evaluation): Html | '' {
  if (!confusion) return ''
  const { truePositive, falsePositive, trueNegative, falseNegative, byWeight } = confusion
  const share = (part: number, rest: number): string => (part + rest > 0 ? formatShare(part / (part + rest)) : 'none')
  const right = byWeight
    ? [byWeight.positive, byWeight.negative].map((own) => (own === null ? 'none' : formatShare(own)))
    : [share(truePositive, falseNegative), share(trueNegative, falsePositive)]
  return html`<h3>Decisions at threshold ${formatNumber(confusion.threshold, 3)}</h3>
    ${htmlTable({
      caption: byWeight ? 'Rows, and the share of their weight that was decided rightly' : undefined,
      columns: [
        { title: 'What happened' },
        { title: 'Decided positive', align: 'number' },
        { title: 'Decided negative', align: 'number' },
        { title: 'Decided rightly', align: 'number' }
      ],
      rows: [
        ['Positive', formatNumber(truePositive), formatNumber(falseNegative), right[0]!],
        ['Negative', formatNumber(falsePositive), formatNumber(trueNegative), right[1]!]
      ]
    })}`
}

function fairnessFigure(fairness: NonNullable<Evaluation['fairness']>): Html {
  const shown = [...fairness.groups].sort((a, b) => b.rows - a.rows).slice(0, listed)
  const rest = fairness.groups.length - shown.length
  return htmlFigure({
    title: 'Selection rate by group',
    reading: `Share decided positive, with 95 % Wilson intervals. Lighter bars are groups too small to compare.${rest > 0 ? ` The ${rest} smallest groups are in the table only.` : ''}`,
    chart: svgBarChart({
      title: 'Selection rate by group',
      description: `Groups of ${fairness.column}`,
      value: { title: 'Share decided positive', minimum: 0 },
      bars: shown.map((group) => ({
        label: group.group,
        value: group.selectionRate,
        low: group.selectionLow,
        high: group.selectionHigh,
        muted: !group.compared
      }))
    }),
    table: {
      columns: [
        { title: 'Group' },
        ...['Rows', 'Selection rate', 'Lower', 'Upper', 'True positive rate', 'False positive rate'].map((title) => ({
          title,
          align: 'number' as const
        })),
        { title: 'Compared' }
      ],
      rows: fairness.groups.map((group) => [
        group.group,
        formatNumber(group.rows),
        group.selectionRate.toFixed(4),
        group.selectionLow?.toFixed(4) ?? '',
        group.selectionHigh?.toFixed(4) ?? '',
        group.truePositiveRate?.toFixed(4) ?? 'none',
        group.falsePositiveRate?.toFixed(4) ?? 'none',
        group.compared ? 'yes' : (group.excludedBecause ?? 'no')
      ])
    }
  })
}

const decimals = (value: number | null): string => (value === null ? 'not measured' : value.toFixed(4))

/** The comparison of groups: the gaps with what can be said of them, then the groups themselves. */
export function groupsSection(fairness: NonNullable<Evaluation['fairness']>): Html {
  const { comparisons } = fairness
  const gaps = [
    {
      name: 'Disparate impact',
      value: fairness.disparateImpact,
      bounds: comparisons?.selectionRatio,
      gap: comparisons?.selection,
      within: withinRatio,
      meaning: 'Lowest selection rate over the highest; 1 is alike'
    },
    {
      name: 'True positive rate difference',
      value: fairness.tprDifference,
      bounds: comparisons?.truePositive,
      gap: comparisons?.truePositive,
      within: withinGap,
      meaning: 'Largest gap in finding positive cases; 0 is alike'
    },
    {
      name: 'False positive rate difference',
      value: fairness.fprDifference,
      bounds: comparisons?.falsePositive,
      gap: comparisons?.falsePositive,
      within: withinGap,
      meaning: 'Largest gap in false alarms; 0 is alike'
    }
  ]
  const bound = (value: number | null | undefined): string => (typeof value === 'number' ? value.toFixed(4) : '')
  return html`${comparisons ? html`<p>${groupSentence[comparisons.verdict]}</p>` : ''}${htmlTable({
    caption: comparisons ? 'All intervals hold at once with 95 % confidence, the number of groups counted in' : undefined,
    columns: [
      { title: 'Comparison' },
      { title: 'Value', align: 'number' },
      ...(comparisons
        ? [{ title: 'Lower', align: 'number' as const }, { title: 'Upper', align: 'number' as const }, { title: 'Groups' }]
        : []),
      { title: 'Meaning' }
    ],
    rows: gaps.map(({ name, value, bounds, gap, within, meaning }) => [
      name,
      decimals(value),
      ...(comparisons && gap ? [bound(bounds?.lower), bound(bounds?.upper), gapWords(gap, within(comparisons.tolerance))] : []),
      meaning
    ])
  })}${fairnessFigure(fairness)}`
}

/** One group in words. */
export const groupText = ({ selectionRate, rows }: { selectionRate: number; rows: number }): string =>
  `Selection rate ${selectionRate.toFixed(4)} over ${rows} rows`

/** Curves and histogram side by side, and below them the table of decisions. */
export const evaluationFigures = (evaluation: Evaluation) => ({
  charts: html`${rocFigure(evaluation)}${calibrationFigure(evaluation)}${histogramFigure(evaluation)}`,
  decisions: confusionTable(evaluation)
})

/** The figure that stands at the top of a card. */
export const headline = { metric: 'auc', label: 'AUC' }

/** How many of the judged rows had the event, in words. */
export const outcomesText = ({ rows, positives }: Evaluation): string =>
  `${formatNumber(positives)} of them positive (${formatShare(rows > 0 ? positives / rows : null)})`

export const decisionText = ({ threshold }: ModelCard['output']): string =>
  threshold === undefined ? '' : ` Decision threshold ${formatNumber(threshold)}.`
