import type { ModelCard } from '../../../model/model-card'
import { usualTask } from '../../../model/tasks'
import { formatNumber, htmlFigure, svgBarChart, type Html } from '../../reports'

/** How much the model relies on each feature. */
export function importanceFigure({ importance, importanceOn }: ModelCard['evaluation']): Html | '' {
  if (importance.length === 0) return ''
  const shown = importance.slice(0, 20)
  const rest = importance.length - shown.length
  return htmlFigure({
    title: 'Importance of the features',
    reading: `How much the model relies on each feature${importanceOn ? `, by shuffling it on at most 1,000 ${importanceOn} rows` : ''}; this says nothing about causes.${rest > 0 ? ` ${rest} less important features are in the table only.` : ''}`,
    chart: svgBarChart({
      title: 'Importance of the features',
      description: `Most important: ${shown[0]?.feature ?? ''}`,
      value: { title: importance[0]?.measure === 'permutation' ? usualTask.importance.lost : 'Share of the total gain' },
      bars: shown.map((item) => ({ label: item.feature, value: item.value, low: item.low, high: item.high }))
    }),
    table: {
      columns: [{ title: 'Feature' }, { title: 'Importance', align: 'number' }],
      rows: importance.map((item) => [item.feature, formatNumber(item.value)])
    }
  })
}
