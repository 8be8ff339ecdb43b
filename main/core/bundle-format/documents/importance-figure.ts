import type { ModelCard } from '../../../model/model-card'
import { countOf } from '../../../model/count-of'
import { taskOf } from '../../../model/tasks'
import { formatNumber, htmlFigure, svgBarChart, type Html } from '../../reports'

const places = {
  judged: 'judged rows, with 95 % intervals over rows and shuffles',
  validation: 'validation rows',
  training: 'training rows, where a column that was learned by heart looks important'
}

/** On which rows, and how often: a column of many values looks important on the rows that a model learned from. */
function measuredOn({ importance, importanceOn, importanceShuffles: shuffles }: ModelCard['evaluation']): string {
  if (importance[0]?.measure === 'gain' || importanceOn === undefined)
    return 'by its share of the gain on the training rows, where a column of many values looks more important than it is'
  if (!shuffles) return `by shuffling it once on at most 1,000 ${places[importanceOn]}`
  return `by shuffling it ${shuffles.repeats === 1 ? 'once' : countOf(shuffles.repeats, 'time')} on ${formatNumber(shuffles.rows)} ${places[importanceOn]}`
}

/** How much the model relies on each feature. */
export function importanceFigure({ model, evaluation }: Pick<ModelCard, 'model' | 'evaluation'>): Html | '' {
  const { importance } = evaluation
  const hasIntervals = importance.some(({ low }) => low !== undefined)
  if (importance.length === 0) return ''
  const shown = importance.slice(0, 20)
  const rest = importance.length - shown.length
  return htmlFigure({
    title: 'Importance of the features',
    reading: `How much the model relies on each feature, ${measuredOn(evaluation)}; this says nothing about causes.${rest > 0 ? ` ${countOf(rest, 'less important feature')} ${rest === 1 ? 'is' : 'are'} in the table only.` : ''}`,
    chart: svgBarChart({
      title: 'Importance of the features',
      description: `Most important: ${shown[0]?.feature ?? ''}`,
      value: { title: importance[0]?.measure === 'permutation' ? taskOf(model).importance.lost : 'Share of the total gain' },
      bars: shown.map((item) => ({ label: item.feature, value: item.value, low: item.low, high: item.high }))
    }),
    table: {
      columns: ['Feature', 'Importance', ...(hasIntervals ? ['Lower', 'Upper'] : [])].map((title, at) => ({
        title,
        ...(at > 0 && { align: 'number' as const })
      })),
      rows: importance.map(({ feature, value, low, high }) => [
        feature,
        ...[value, ...(hasIntervals ? [low, high] : [])].map((each) => formatNumber(each))
      ])
    }
  })
}
