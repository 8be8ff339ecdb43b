import { gapWords, groupSentence, withinGap, type GroupGap, type TargetValue } from '../../../model/tasks'
import type { ModelCard } from '../../../model/model-card'
import type { CardClass } from '../../../model/tasks/multiclass'
import { formatNumber, formatShare, html, htmlFigure, htmlTable, svgBarChart, svgLineChart, type Html } from '../../reports'
import type { cardFairness, cardFigures } from './card-value'
import { confusionFigure } from './confusion-figure'

/** The evaluation of a card, as far as this task draws it. */
type CardEvaluation = ReturnType<typeof cardFigures> & { rows: number; classCounts: number[] }
type CardFairness = ReturnType<typeof cardFairness>

const listed = 30
const numbers = (...titles: string[]) => titles.map((title) => ({ title, align: 'number' as const }))

const withBounds = ({ value, low, high }: { value: number | null; low?: number; high?: number }): string =>
  value === null
    ? 'none'
    : low === undefined || high === undefined
      ? value.toFixed(3)
      : `${value.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)})`

/** Every class against the rest, in the order of the outputs. */
function classTable(classes: readonly CardClass[]): Html {
  return html`<h3>Classes</h3>
    ${htmlTable({
      caption: 'Each class against the rest, with 95 % intervals; the order is that of the probabilities',
      columns: [
        { title: 'Class' },
        ...numbers('Rows', 'Decided for', 'Precision', 'Recall', 'F1', 'AUC', 'Calibration error', 'As far off by chance')
      ],
      rows: classes.map((each) => [
        String(each.class),
        formatNumber(each.rows),
        formatNumber(each.decided),
        withBounds(each.precision),
        withBounds(each.recall),
        withBounds(each.f1),
        withBounds(each.auc),
        each.calibrationError ? withBounds(each.calibrationError) : 'none',
        each.calibrationError ? formatShare(each.calibrationError.p) : ''
      ])
    })}`
}

function recallFigure(classes: readonly CardClass[]): Html | '' {
  const found = classes.filter(({ recall }) => recall.value !== null).sort((a, b) => a.recall.value! - b.recall.value!)
  if (found.length === 0) return ''
  const shown = found.slice(0, listed)
  const rest = found.length - shown.length
  const reading = `Share of the rows of each class that was decided for it, least first.${rest > 0 ? ` The ${rest} classes that are found best are in the table of classes only.` : ''}`
  return htmlFigure({
    title: 'Recall by class',
    reading,
    chart: svgBarChart({
      title: 'Recall by class',
      description: reading,
      value: { title: 'Recall', minimum: 0, maximum: 1 },
      bars: shown.map(({ class: value, recall }) => ({ label: String(value), value: recall.value!, low: recall.low, high: recall.high }))
    }),
    table: {
      columns: [{ title: 'Class' }, ...numbers('Recall', 'Rows')],
      rows: shown.map((each) => [String(each.class), withBounds(each.recall), formatNumber(each.rows)])
    }
  })
}

function confidenceFigure({ calibration, reliability }: CardEvaluation): Html | '' {
  if (calibration.length === 0) return ''
  const p = reliability ? ` A calibrated model looks as far off in ${formatShare(reliability.p)} of evaluations.` : ''
  const reading = `The probability of the class decided for against how often the decision was right.${p} On the dashed line, stated probabilities come true.`
  return htmlFigure({
    title: 'Calibration of decisions',
    reading,
    chart: svgLineChart({
      title: 'Calibration of decisions',
      description: reading,
      x: { title: 'Probability of the class decided for (mean of the bin)', minimum: 0, maximum: 1 },
      y: { title: 'Share decided rightly', minimum: 0, maximum: 1 },
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
      columns: numbers('Predicted', 'Observed', 'Lower', 'Upper', 'Rows'),
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

/** Confusions, recalls and calibration side by side, and below them the table of classes. */
export const evaluationFigures = (evaluation: CardEvaluation) => ({
  charts: html`${confusionFigure(
    evaluation.classes.map((each) => each.class),
    evaluation.confusionMatrix
  )}${recallFigure(evaluation.classes)}${confidenceFigure(evaluation)}`,
  decisions: classTable(evaluation.classes)
})

const decimals = (value: number | null): string => (value === null ? 'not measured' : value.toFixed(4))

/** The comparison of groups: the largest gaps with what can be said of them, the classes they are in, then the groups themselves. */
export function groupsSection(fairness: CardFairness): Html {
  const { comparisons, classes } = fairness
  const within = withinGap({ ...comparisons.tolerance, ratio: 0 })
  const falsePositive = classes.reduce<number | null>(
    (most, each) => (each.falsePositive === null ? most : Math.max(most ?? 0, each.falsePositive)),
    null
  )
  const worst = (key: 'selection' | 'truePositive' | 'falsePositive'): string => {
    const [first] = [...classes].filter((each) => each[key] !== null).sort((a, b) => b[key]! - a[key]!)
    return first ? `, largest for ${String(first.class)}` : ''
  }
  const gaps: { name: string; value: number | null; gap: GroupGap; meaning: string }[] = [
    {
      name: 'Accuracy difference',
      value: fairness.accuracyDifference,
      gap: comparisons.accuracy,
      meaning: 'Largest gap in deciding rightly'
    },
    {
      name: 'Demographic parity difference',
      value: fairness.demographicParityDifference,
      gap: comparisons.selection,
      meaning: `Largest gap in being decided for a class${worst('selection')}`
    },
    {
      name: 'Equal opportunity difference',
      value: fairness.equalOpportunityDifference,
      gap: comparisons.truePositive,
      meaning: `Largest gap in finding the rows of a class${worst('truePositive')}`
    },
    {
      name: 'False positive rate difference',
      value: falsePositive,
      gap: comparisons.falsePositive,
      meaning: `Largest gap in being decided for a class wrongly${worst('falsePositive')}`
    }
  ]
  const bound = (value: number | null): string => (value === null ? '' : value.toFixed(4))
  return html`<p>${groupSentence[comparisons.verdict]}</p>
    ${htmlTable({
      caption: 'All intervals hold at once with 95 % confidence, the numbers of groups and classes counted in; 0 is alike',
      columns: [{ title: 'Comparison' }, ...numbers('Value', 'Lower', 'Upper'), { title: 'Groups' }, { title: 'Meaning' }],
      rows: gaps.map(({ name, value, gap, meaning }) => [
        name,
        decimals(value),
        bound(gap.lower),
        bound(gap.upper),
        gapWords(gap, within),
        meaning
      ])
    })}${accuracyFigure(fairness)}`
}

/** One group in words. */
export const groupText = ({ group, count, accuracy }: CardFairness['groups'][number]): string =>
  `${group}: ${(accuracy * 100).toFixed(1)} % of ${formatNumber(count)} rows decided rightly`

function accuracyFigure({ column, groups }: CardFairness): Html {
  const shown = groups.slice(0, listed)
  const rest = groups.length - shown.length
  return htmlFigure({
    title: 'Accuracy by group',
    reading: `Share decided rightly, with 95 % Wilson intervals. Lighter bars are groups too small to compare.${rest > 0 ? ` The ${rest} smallest groups are in the table only.` : ''}`,
    chart: svgBarChart({
      title: 'Accuracy by group',
      description: `Groups of ${column}`,
      value: { title: 'Share decided rightly', minimum: 0 },
      bars: shown.map((each) => ({
        label: each.group,
        value: each.accuracy,
        low: each.accuracyLower,
        high: each.accuracyUpper,
        muted: !each.compared
      }))
    }),
    table: {
      columns: [{ title: 'Group' }, ...numbers('Rows', 'Accuracy', 'Lower', 'Upper'), { title: 'Compared' }],
      rows: groups.map((each) => [
        each.group,
        formatNumber(each.count),
        each.accuracy.toFixed(4),
        each.accuracyLower.toFixed(4),
        each.accuracyUpper.toFixed(4),
        each.compared ? 'yes' : (each.excludedBecause ?? 'no')
      ])
    }
  })
}

/** The figure that stands at the top of a card. */
export const headline = { metric: 'accuracy', label: 'Accuracy' }

/** How the judged rows spread over the classes, in words. */
export function outcomesText({ rows, classes }: { rows: number; classes: readonly { class: TargetValue; rows: number }[] }): string {
  const [usual] = [...classes].sort((a, b) => b.rows - a.rows)
  return usual
    ? `in ${classes.length} classes, most of them ${String(usual.class)} (${formatShare(rows > 0 ? usual.rows / rows : null)})`
    : ''
}

/** The decision follows from the probabilities, and from costs where it has such. */
export const decisionText = ({ byCosts }: ModelCard['output']): string =>
  ` Decided for the class of ${byCosts ? 'least expected cost' : 'the highest probability'}.`
