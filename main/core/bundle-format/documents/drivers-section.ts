import { countOf } from '../../../model/count-of'
import { spaceWords } from '../../../model/explanation'
import type { ModelCard } from '../../../model/model-card'
import { formatNumber, html, htmlFigure, svgBarChart, type Html, type PageSection } from '../../reports'

type Drivers = NonNullable<ModelCard['drivers']>

/** More classes than these nobody compares on paper. */
const mostOutputs = 6

/** What drives the answers: in words, and by column with intervals; null where the run was not explained, and on cards of before. */
export function driversSection({ drivers }: ModelCard): PageSection | null {
  if (!drivers) return null
  const { outputs, rows, background, narrative } = drivers
  const shown = outputs.slice(0, mostOutputs)
  return {
    id: 'drivers',
    title: 'What drives the answers',
    lead: `By the exported file, over ${countOf(rows, 'row')}; what is usual is the mean over ${countOf(background.rows, 'background row')} (${background.from}).`,
    body: html`${narrative.map((line) => html`<p>${line}</p>`)} ${shown.map((output) => figure(drivers, output, outputs.length > 1))}
    ${shown.length < outputs.length ? html`<p>The first ${shown.length} of ${outputs.length} classes; all are in evidence/contributions.json.</p>` : ''}`
  }
}

function figure({ space }: Drivers, { name, features }: Drivers['outputs'][number], isMany: boolean): Html {
  const title = isMany ? `Contributions to the class "${name}"` : 'Contributions of the columns'
  return htmlFigure({
    title,
    reading:
      'Mean size of what a column added to an answer, with its 95 % interval over the rows. It says what the model does, not what causes what.',
    chart: svgBarChart({
      title,
      description: `Most: ${features[0]?.feature ?? ''}`,
      value: { title: `Mean |contribution|, ${spaceWords[space]}` },
      bars: features.map(({ feature, mean, low, high }) => ({
        label: feature,
        value: mean,
        low: low ?? undefined,
        high: high ?? undefined
      }))
    }),
    table: {
      columns: ['Column', 'Mean size', 'Lower', 'Upper', 'Mean with sign'].map((each, at) => ({
        title: each,
        ...(at > 0 && { align: 'number' as const })
      })),
      rows: features.map(({ feature, mean, low, high, signed }) => [
        feature,
        ...[mean, low, high, signed].map((each) => (each === null ? 'none' : formatNumber(each, 4)))
      ])
    }
  })
}
