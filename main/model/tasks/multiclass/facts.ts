import { describeFact, type FactDescription } from '../fact-description'
import type { ClassFairness, MulticlassFigures } from './evaluation'

/** Name of a gap in facts, and what it is the difference of. */
const gaps = [
  ['accuracy', 'accuracy'],
  ['parity', 'selection rate, over all classes,'],
  ['tpr', 'true positive rate, over all classes,'],
  ['fpr', 'false positive rate, over all classes,']
] as const

const gapFacts = gaps.flatMap(([name, of]) => [
  describeFact(`fairness.${name}_difference`, 'number', `Largest difference of the ${of} between compared groups`, '0..1', 'lower'),
  ...(['lower', 'upper'] as const).map((end) =>
    describeFact(
      `fairness.${name}_difference_${end}`,
      'number',
      `${end === 'lower' ? 'Least' : 'Most'} that the difference of the ${of} can be, groups and classes counted in`,
      '0..1',
      'lower'
    )
  )
])

/** The facts that an evaluation of this task supplies besides its metrics, by group. */
export const multiclassFacts: Record<'fairness' | 'evaluation', readonly FactDescription[]> = {
  fairness: [
    describeFact('fairness.column', 'text', 'The column whose groups were compared'),
    ...gapFacts,
    describeFact(
      'fairness.verdict',
      'text',
      'What can be said of the groups: "differ", "alike" within the tolerance, or "cannot-tell" from so few rows'
    ),
    describeFact('fairness.groups', 'number', 'Groups that are large enough to be compared', 'groups'),
    describeFact('fairness.smallest_group', 'number', 'Rows in the smallest compared group', 'rows', 'higher')
  ],
  evaluation: [
    describeFact('evaluation.classes', 'number', 'Classes that the model tells apart', 'classes'),
    describeFact('evaluation.classes_judged', 'number', 'Classes that occur among the judged rows', 'classes', 'higher'),
    describeFact('evaluation.smallest_class', 'number', 'Judged rows of the class with the fewest', 'rows', 'higher'),
    describeFact('evaluation.lowest_recall', 'number', 'Recall of the class that is found least, of those that occur', '0..1', 'higher'),
    describeFact(
      'evaluation.lowest_recall_lower',
      'number',
      'Lowest lower end of the 95% intervals of the recalls of the classes',
      '0..1',
      'higher'
    ),
    describeFact('evaluation.lowest_precision', 'number', 'Lowest precision of a class that was decided for', '0..1', 'higher'),
    describeFact('evaluation.lowest_f1', 'number', 'Lowest F1 of a class that occurs', '0..1', 'higher'),
    describeFact('evaluation.beats_baseline', 'boolean', 'Whether the log loss is below that of the base rate by more than chance explains')
  ]
}

/** An evaluation as far as its facts go. */
interface Judged extends Pick<MulticlassFigures, 'classes' | 'baseline'> {
  fairness: ClassFairness | null
}

/** The least of those that have a value; null without any. */
function least(values: readonly (number | null | undefined)[]): number | null {
  const known = values.filter((value) => typeof value === 'number')
  return known.length > 0 ? Math.min(...known) : null
}

function fairnessFactsOf({ column, comparisons: all, groups, ...own }: ClassFairness) {
  const compared = groups.filter((group) => group.compared)
  const falsePositive = own.classes.map((each) => each.falsePositive).filter((gap) => gap !== null)
  const values = {
    accuracy: [own.accuracyDifference, all.accuracy],
    parity: [own.demographicParityDifference, all.selection],
    tpr: [own.equalOpportunityDifference, all.truePositive],
    fpr: [falsePositive.length > 0 ? Math.max(...falsePositive) : null, all.falsePositive]
  } as const
  return {
    column,
    ...Object.fromEntries(
      Object.entries(values).flatMap(([name, [value, { lower, upper }]]) => [
        [`${name}_difference`, value],
        [`${name}_difference_lower`, lower],
        [`${name}_difference_upper`, upper]
      ])
    ),
    verdict: all.verdict,
    groups: compared.length,
    smallest_group: least(compared.map((group) => group.count))
  }
}

/** The values of `multiclassFacts`; null is a fact that was not measured. */
export function factsOf({ classes, fairness, baseline }: Judged) {
  const occurring = classes.filter(({ count }) => count > 0)
  return {
    evaluation: {
      classes: classes.length,
      classes_judged: occurring.length,
      smallest_class: Math.min(...classes.map(({ count }) => count)),
      lowest_recall: least(occurring.map(({ recall }) => recall.value)),
      lowest_recall_lower: least(occurring.map(({ recall }) => recall.interval?.lower)),
      lowest_precision: least(classes.map(({ precision }) => precision.value)),
      lowest_f1: least(occurring.map(({ f1 }) => f1.value)),
      ...(baseline && { beats_baseline: baseline.verdict === 'better' })
    },
    fairness: fairness && fairnessFactsOf(fairness)
  }
}
