import type { Classification } from '../../model/machine-settings'
import { readMachineSettings } from '../machine-settings'
import { Html, html, type HtmlValue } from './html'
import { denseStyle, pageStyle } from './page-style'

export interface TableColumn {
  title: string
  /** Numbers are right-aligned; the unit belongs in the title. */
  align?: 'text' | 'number'
}

export interface TableOptions {
  caption?: string
  columns: readonly TableColumn[]
  rows: readonly (readonly HtmlValue[])[]
  /** Shown instead of an empty table. */
  empty?: string
}

/** A table whose first column holds row headings. It scrolls inside its own frame. */
export function htmlTable({ caption, columns, rows, empty }: TableOptions): Html {
  if (rows.length === 0) return html`<p>${empty ?? 'Nothing to list.'}</p>`
  const kind = (index: number): HtmlValue => (columns[index]?.align === 'number' ? html` class="number"` : '')
  const label = caption ?? columns.map((column) => column.title).join(', ')
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${label}">
    <table>
      ${
        caption === undefined
          ? ''
          : html`<caption>
              ${caption}
            </caption>`
      }
      <thead>
        <tr>
          ${columns.map((column, index) => html`<th scope="col" ${kind(index)}>${column.title}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              ${row.map((cell, index) => (index === 0 ? html`<th scope="row" ${kind(0)}>${foldable(cell)}</th>` : html`<td${kind(index)}>${foldable(cell)}</td>`))}
            </tr> `
        )}
      </tbody>
    </table>
  </div>`
}

/** A word of more than 24 characters may break after each 12, so that one value does not push the other columns off a sheet. */
const foldable = (cell: HtmlValue): HtmlValue =>
  typeof cell === 'string' && /\S{25}/u.test(cell)
    ? cell
        .split(/(\S{25,})/u)
        .map((part, at) => (at % 2 === 0 ? part : (part.match(/.{1,12}/gsu) ?? []).map((piece) => html`${piece}<wbr />`)))
    : cell

export type Tone = 'ok' | 'warn' | 'error' | 'info'
const marks: Record<Tone, string> = { ok: '\u2713', warn: '!', error: '\u2715', info: 'i' }

/** A status in a word with a mark, so that colour is never the only sign. */
export function badge(tone: Tone, text: string): Html {
  return html`<span class="badge ${tone}"><span aria-hidden="true">${marks[tone]}</span> ${text}</span>`
}

/** A picture with what it shows in words and its numbers in a table behind it. */
export function htmlFigure(options: { title: string; reading: string; chart: Html; table: TableOptions }): Html {
  return html`<figure>
    <figcaption><b>${options.title}</b><span>${options.reading}</span></figcaption>
    ${options.chart}
    <details>
      <summary>Show the numbers</summary>
      ${htmlTable(options.table)}
    </details>
  </figure>`
}

export interface PageSection {
  /** Anchor of the section: lower-case letters, digits and hyphens. */
  id: string
  title: string
  lead?: string
  body: Html
}

export interface PageOptions {
  title: string
  /** What kind of document this is, set above the title. */
  kind?: string
  subtitle?: string
  /** Named figures below the title. */
  facts?: readonly { label: string; value: HtmlValue; note?: string }[]
  /** A warning across the top of the page, such as the label of demo identities. */
  band?: string
  sections: readonly PageSection[]
  footer?: HtmlValue
  /** Set closer on paper, for what has to fit one sheet. */
  isDense?: boolean
}

/** The classification of this computer, above and below the page; nothing where it has none. */
const mark = (classification: Classification | null): HtmlValue =>
  classification && html`<div class="mark ${classification.tone}" role="note">${classification.text}</div>`

/**
 * A whole document in one file: no script, no font, no picture from elsewhere, and a content security policy that
 * forbids the reader's browser to fetch or run anything. The classification that the machine settings give is part of the page, also of one
 * that is signed (decision 30).
 */
export function htmlPage(options: PageOptions): string {
  const { facts = [], sections } = options
  const { classification } = readMachineSettings()
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta
          http-equiv="Content-Security-Policy"
          content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
        />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        <title>${options.title}</title>
        <style>
          ${Html.ofTrusted(options.isDense ? pageStyle + denseStyle : pageStyle)}
        </style>
      </head>
      <body>
        <a class="skip" href="#content">Skip to the content</a
        >${mark(classification)}${options.band === undefined ? '' : html`<div class="demo" role="note">${options.band}</div>`}
        <header class="top">
          <div>
            ${options.kind === undefined ? '' : html`<p class="kind">${options.kind}</p>`}
            <h1>${options.title}</h1>
            ${options.subtitle === undefined ? '' : html`<p class="subtitle">${options.subtitle}</p>`}${
              facts.length === 0
                ? ''
                : html`<dl class="facts">
                    ${facts.map(
                      (fact) =>
                        html`<div>
                          <dt>${fact.label}</dt>
                          <dd>${fact.value}${fact.note === undefined ? '' : html`<small>${fact.note}</small>`}</dd>
                        </div>`
                    )}
                  </dl>`
            }
          </div>
        </header>
        <div class="body">
          <nav class="contents" aria-label="Contents">
            <ol>
              ${sections.map((section) => html`<li><a href="#${section.id}">${section.title}</a></li>`)}
            </ol>
          </nav>
          <main id="content">
            ${sections.map(
              (section) =>
                html`<section id="${section.id}" aria-labelledby="${section.id}-title">
                  <h2 id="${section.id}-title">${section.title}</h2>
                  ${section.lead === undefined ? '' : html`<p class="lead">${section.lead}</p>`}${section.body}
                </section> `
            )}
          </main>
        </div>
        <footer>${options.footer}</footer>
        ${mark(classification)}
      </body>
    </html> `.text
}
