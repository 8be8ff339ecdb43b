import { gapWords, withinGap, withinRatio, type Fairness, type GroupComparisons } from '../../../main/model/tasks'
import { formatNumber } from '../../ui'
import { GapFigures } from '../groups'

type Bounded = 'selectionRatio' | 'selection' | 'truePositive' | 'falsePositive' | 'odds'
type Gap = 'selection' | 'truePositive' | 'falsePositive'

interface BinaryGap {
  label: string
  value: (fairness: Fairness) => number | null
  bounds: Bounded
  gap?: Gap
  explain: string
}

const figures: readonly BinaryGap[] = [
  {
    label: 'Disparate impact',
    value: ({ disparateImpact }) => disparateImpact,
    bounds: 'selectionRatio',
    gap: 'selection',
    explain: 'Lowest over highest selection rate of the compared groups. A common rule asks for at least 0.8.'
  },
  {
    label: 'Selection gap',
    value: ({ demographicParityDifference }) => demographicParityDifference,
    bounds: 'selection',
    gap: 'selection',
    explain: 'Largest difference of selection rates.'
  },
  {
    label: 'Recall gap',
    value: ({ equalOpportunityDifference }) => equalOpportunityDifference,
    bounds: 'truePositive',
    gap: 'truePositive',
    explain: 'Largest difference of recall.'
  },
  {
    label: 'False positive gap',
    value: ({ falsePositiveRateDifference }) => falsePositiveRateDifference,
    bounds: 'falsePositive',
    gap: 'falsePositive',
    explain: 'Largest difference of false positive rates.'
  },
  {
    label: 'Odds gap',
    value: ({ equalisedOddsDifference }) => equalisedOddsDifference,
    bounds: 'odds',
    explain: 'The larger of recall gap and false positive gap.'
  }
]

/** How far the groups are apart, each gap with its interval and what can be said by it. */
export function FairnessGaps({ fairness }: { fairness: Fairness }) {
  const { comparisons } = fairness
  const gaps = figures.map(({ label, value, bounds, gap, explain }) => {
    const figure = value(fairness)
    return {
      label,
      value: figure === null ? null : formatNumber(figure, 3),
      unit: bounds === 'selectionRatio' ? 'ratio' : undefined,
      hint: comparisons && saidOf(comparisons, bounds, gap),
      explain
    }
  })
  return <GapFigures gaps={gaps} held={comparisons && { level: comparisons.level, counted: 'the number of groups' }} />
}

/** The interval of a gap and what can be said by it. */
function saidOf(comparisons: GroupComparisons, bounds: Bounded, gap?: Gap): string {
  const { lower, upper } = comparisons[bounds]
  const within = gap === 'selection' ? withinRatio(comparisons.tolerance) : withinGap(comparisons.tolerance)
  const words = gap && gapWords(comparisons[gap], within)
  const interval = lower === null || upper === null ? '' : `95% CI ${formatNumber(lower, 3)}\u2013${formatNumber(upper, 3)}`
  return [interval, words].filter(Boolean).join('; ')
}
