import type { Counterfactuals } from '../../model/counterfactual'
import { marginWords, methodWords, type ExplainedRow, type Explanation } from '../../model/explanation'
import type { ModelSignature } from '../../model/training'
import type { PanelAnswer } from '../../model/what-if'
import { html, htmlPage, htmlTable, type Html } from '../reports'
import { cellWords, inWords } from './narrative'
import type { Cell } from './summary'

/** Columns that the sheet draws and lists; the others stand in one line. */
const shown = 8

/** A value that is another than that of the row that a case began as. */
export interface ChangedValue {
  column: string
  from: Cell
  to: Cell
}

export interface DecisionFacts {
  row: ExplainedRow
  explanation: Pick<Explanation, 'model' | 'target' | 'space' | 'calibrated' | 'method'> & { background: Explanation['background'] }
  signature: ModelSignature
  at: string
  /** What lies around the answer with the promised share, where the model promises one. */
  around?: PanelAnswer['around']
  /** What the row is called; by default by its number. */
  called?: string
  /** The row that the case began as, and what was changed in it. */
  began?: number
  changed?: readonly ChangedValue[]
}

/** One page that says of one row what it got and why, for whoever has to answer for it or is told it. */
export function decisionPage({
  row,
  explanation,
  signature,
  at,
  around = null,
  called = `row ${row.row}`,
  began,
  changed = []
}: DecisionFacts): string {
  const kinds = new Map(signature.inputs.map(({ name, kind }) => [name, kind]))
  const most = row.features.slice(0, shown)
  const rest = row.features.slice(shown)
  const coded = row.features.filter(({ code }) => code !== undefined).slice(0, 4)
  const apart = explanation.calibrated ? ', before the correction' : ''
  return htmlPage({
    kind: 'Decision sheet',
    isDense: true,
    title: `Why ${called} got its score`,
    subtitle: explanation.model.name,
    facts: [
      { label: 'Answer', value: inWords(row.score) },
      { label: explanation.target, value: row.output === explanation.target ? 'amount' : row.output },
      ...(around === null ? [] : [aroundFact(around)]),
      { label: `Rows on average${apart}`, value: inWords(row.base) },
      { label: `This row${apart}`, value: inWords(row.margin) }
    ],
    sections: [
      { id: 'words', title: 'In words', body: html`${row.narrative.map((line) => html`<p>${line}</p>`)}` },
      ...(began === undefined || changed.length === 0 ? [] : [changedSection(began, changed, kinds)]),
      ...(coded.length === 0 ? [] : [{ id: 'reasons', title: 'Reasons', body: reasonTable(coded) }]),
      {
        id: 'columns',
        title: 'What each column added',
        lead: `In ${marginWords(explanation.space, explanation.calibrated)}. Above zero raises the answer, below lowers it.`,
        body: html`${htmlTable({
          caption: 'The largest contributions',
          columns: [{ title: 'Column' }, { title: 'Value' }, { title: 'Added', align: 'number' as const }],
          rows: [
            ['rows on average', '', inWords(row.base)],
            ...most.map(({ feature, value, contribution }): (string | Html)[] => [
              feature,
              cellWords(value, kinds.get(feature)),
              inWords(contribution)
            ]),
            ...(rest.length === 0
              ? []
              : [[`${rest.length} other columns`, '', inWords(rest.reduce((sum, { contribution }) => sum + contribution, 0))]]),
            ['this row', '', inWords(row.margin)]
          ]
        })}`
      },
      ...(row.counterfactuals ? [otherAnswers(row.counterfactuals, kinds)] : []),
      {
        id: 'limits',
        title: 'How to read this',
        body: html`<p>
            ${methodWords[explanation.method]}. The base is the mean over ${explanation.background.rows} ${explanation.background.from}.
          </p>
          <p>
            The sheet says what the model did with the values of this row. It does not say that another value would have changed the outcome
            in the world, nor that the model is right.
          </p>`
      }
    ],
    footer: `Made by Drydock at ${at}. Model file SHA-256 ${explanation.model.sha256}.`
  })
}

const aroundFact = (around: NonNullable<PanelAnswer['around']>) => ({
  label: `${Math.round(100 * around.coverage)}% ${'set' in around ? 'set' : 'interval'}`,
  value: 'set' in around ? around.set.join(', ') || 'none is likely enough' : boundWords(around)
})

function boundWords({ lower, upper }: { lower: number | null; upper: number | null }): string {
  if (lower === null) return upper === null ? 'none' : `up to ${inWords(upper)}`
  return upper === null ? `from ${inWords(lower)}` : `${inWords(lower)} to ${inWords(upper)}`
}

const changedSection = (began: number, changed: readonly ChangedValue[], kinds: ReadonlyMap<string, string>) => ({
  id: 'changed',
  title: 'What was changed',
  lead: `The case began as row ${began} of the data. These values are other ones; the rest are as they were.`,
  body: html`${htmlTable({
    caption: 'Changed values',
    columns: [{ title: 'Column' }, { title: 'In the data' }, { title: 'Here' }],
    rows: changed.map(({ column, from, to }) => [column, cellWords(from, kinds.get(column)), cellWords(to, kinds.get(column))])
  })}`
})

/** What would have got another answer, or that nothing was found. */
const otherAnswers = ({ found, narrative, immutable }: Counterfactuals, kinds: ReadonlyMap<string, string>) => ({
  id: 'other',
  title: 'What would have got another answer',
  lead: immutable.length === 0 ? '' : `Columns that had to keep their values: ${immutable.join(', ')}.`,
  body: html`${
    found.length === 0
      ? ''
      : htmlTable({
          caption: 'The nearest rows with another answer that were found',
          columns: [
            { title: 'Way' },
            { title: 'Column' },
            { title: 'Instead of' },
            { title: 'Value' },
            { title: 'Answer', align: 'number' as const }
          ],
          rows: found.flatMap(({ changes, score }, way) =>
            changes.map(({ feature, from, to }, at): (string | Html)[] => [
              at === 0 ? String(way + 1) : '',
              feature,
              cellWords(from, kinds.get(feature)),
              cellWords(to, kinds.get(feature)),
              at === 0 ? inWords(score) : ''
            ])
          )
        })
  }${(found.length === 0 ? narrative : narrative.slice(-1)).map((line) => html`<p>${line}</p>`)}`
})

const reasonTable = (coded: ExplainedRow['features']): Html =>
  htmlTable({
    caption: 'By the table of reason codes of the team',
    columns: [{ title: 'Code' }, { title: 'Reason' }, { title: 'Column' }],
    rows: coded.map(({ code, reason, feature }) => [code!, reason!, feature])
  })
