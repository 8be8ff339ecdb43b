import type { ModelCard } from '../../../model/model-card'
import { unlistedWords } from '../../../model/training'
import { formatNumber, html, htmlTable, type Html, type PageSection } from '../../reports'
import { taskOf } from '../../tasks'
import { importanceFigure } from './importance-figure'

/** What the model reads and answers: its inputs with what training saw of them, and how much it relies on each. */
export function inputSection(card: ModelCard): PageSection {
  const range = (input: ModelCard['inputs'][number]): string => {
    if (input.minimum !== undefined && input.maximum !== undefined)
      return `${formatNumber(input.minimum)} to ${formatNumber(input.maximum)}`
    const { categories = [] } = input
    const shown = categories.slice(0, 8).join(', ')
    return categories.length > 8 ? `${shown} and ${categories.length - 8} more` : shown
  }
  return {
    id: 'inputs',
    title: 'What the model reads and answers',
    lead: `Answers: ${card.output.meaning}.${taskOf(card.model).card.decision(card.output)}`,
    body: html`${htmlTable({
      caption: 'Inputs; numbers outside the range were not seen in training',
      columns: [
        { title: 'Input' },
        { title: 'Kind' },
        { title: 'Unit' },
        { title: 'Seen in training' },
        { title: 'Any other text counts as' },
        { title: 'Missing seen' }
      ],
      rows: card.inputs.map((input) => [
        input.name,
        input.type,
        input.unit ?? '',
        range(input),
        otherTexts(input),
        input.missingAllowed ? 'yes' : 'no'
      ])
    })}${unlistedNote(card.evaluation)}${importanceFigure(card)}`
  }
}

function otherTexts({ type, unlisted }: ModelCard['inputs'][number]): string {
  if (type !== 'category') return ''
  return unlisted ? unlistedWords[unlisted] : 'Not stated.'
}

function unlistedNote({ unlisted = [] }: ModelCard['evaluation']): Html | string {
  if (unlisted.length === 0) return ''
  const columns = unlisted.map(({ column, rows, share }) => `"${column}" in ${formatNumber(rows)} (${(share * 100).toFixed(1)} %)`)
  return html`<p>Texts that the model does not tell apart stood among the judged rows: ${columns.join(', ')}.</p>`
}
