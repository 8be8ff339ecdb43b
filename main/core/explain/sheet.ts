import { methodWords, spaceWords, type ExplainedRow, type Explanation } from '../../model/explanation'
import type { ModelSignature } from '../../model/training'
import { html, htmlPage, htmlTable, type Html } from '../reports'
import { cellWords, inWords } from './narrative'

/** Columns that the sheet draws and lists; the others stand in one line. */
const shown = 10

/** One page that says of one row what it got and why, for whoever has to answer for it or is told it. */
export function decisionPage({
  row,
  explanation,
  signature,
  at
}: {
  row: ExplainedRow
  explanation: Explanation
  signature: ModelSignature
  at: string
}): string {
  const kinds = new Map(signature.inputs.map(({ name, kind }) => [name, kind]))
  const most = row.features.slice(0, shown)
  const rest = row.features.slice(shown)
  const coded = row.features.filter(({ code }) => code !== undefined).slice(0, 4)
  return htmlPage({
    kind: 'Decision sheet',
    title: `Why row ${row.row} got its score`,
    subtitle: explanation.model.name,
    facts: [
      { label: 'Answer', value: inWords(row.score) },
      { label: explanation.target, value: row.output === explanation.target ? 'amount' : row.output },
      { label: 'Usual row', value: inWords(row.base) },
      { label: 'This row', value: inWords(row.margin) }
    ],
    sections: [
      { id: 'words', title: 'In words', body: html`${row.narrative.map((line) => html`<p>${line}</p>`)}` },
      ...(coded.length === 0 ? [] : [{ id: 'reasons', title: 'Reasons', body: reasonTable(coded) }]),
      {
        id: 'columns',
        title: 'What each column added',
        lead: `In ${spaceWords[explanation.space]}. Above zero raises the answer, below lowers it.`,
        body: html`${htmlTable({
          caption: 'The largest contributions',
          columns: [{ title: 'Column' }, { title: 'Value' }, { title: 'Added', align: 'number' as const }],
          rows: [
            ['usual row', '', inWords(row.base)],
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

const reasonTable = (coded: ExplainedRow['features']): Html =>
  htmlTable({
    caption: 'By the table of reason codes of the team',
    columns: [{ title: 'Code' }, { title: 'Reason' }, { title: 'Column' }],
    rows: coded.map(({ code, reason, feature }) => [code!, reason!, feature])
  })
