import { coefficientBasisWords, ratioMeaning, ratioWords, termText, type Coefficient } from '../../../model/coefficients'
import type { ModelCard } from '../../../model/model-card'
import { html, htmlTable, type PageSection } from '../../reports'

/** More terms than these nobody reads on paper. */
const mostShown = 200

/** The terms of a linear model with their intervals; null for other models, and on cards of before. */
export function coefficientsSection({ coefficients = [], classes = [] }: ModelCard): PageSection | null {
  if (coefficients.length === 0) return null
  const ratio = coefficients.find((each) => each.ratio)?.ratio?.of
  const shown = coefficients.slice(0, mostShown)
  const bases = [...new Set(coefficients.map(({ basis }) => basis))]
  const nameOf = (index: number): string => String(classes[index] ?? index)
  const term = (each: Coefficient): string =>
    each.class === undefined ? termText(each) : `${termText(each)} (${nameOf(each.class)} against ${nameOf(each.against!)})`
  return {
    id: 'coefficients',
    title: 'Coefficients',
    lead: `${ratio ? ratioMeaning[ratio] : 'One unit more adds the estimate to the predicted amount, all other columns equal.'} A text is compared with the most frequent one of its column.`,
    body: html`${htmlTable({
      caption: 'Terms of the model on the scale of the data, with 95 % intervals',
      columns: [
        { title: 'Term' },
        { title: 'Compared with' },
        { title: 'Estimate', align: 'number' },
        { title: 'Standard error', align: 'number' },
        { title: 'Interval', align: 'number' },
        ...(ratio
          ? [
              { title: ratioWords[ratio], align: 'number' as const },
              { title: 'Its interval', align: 'number' as const }
            ]
          : [])
      ],
      rows: shown.map((each) => [
        term(each),
        each.reference ?? '',
        digits(each.estimate),
        digits(each.error),
        ends(each),
        ...(ratio ? [digits(each.ratio?.value ?? null), each.ratio ? ends(each.ratio) : 'none'] : [])
      ])
    })}
    ${coefficients.length > mostShown ? html`<p>The first ${mostShown} of ${coefficients.length}; all are in evidence/explanation.json.</p>` : ''}
    ${bases.map((basis) => html`<p>${coefficientBasisWords[basis]}</p>`)}`
  }
}

const digits = (value: number | null): string => (value === null ? 'none' : String(Number(value.toPrecision(4))))

const ends = ({ low, high }: { low: number | null; high: number | null }): string =>
  low === null || high === null ? 'none' : `${digits(low)} to ${digits(high)}`
