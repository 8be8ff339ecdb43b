import { badge, html, htmlPage, htmlTable, type Html, type PageSection } from '../../reports'
import type { SheetFacts } from './sheet-facts'
import { demoBand, subjectOf, subjectSection, verdictBadge, verdictSection } from './sheet-parts'

/** Rows for people who sign. */
const signers = 4

/** The page that a committee signs by hand: subject, digests, verdict, what is open, and room for decision, names, dates and signatures. */
export function signOffPage(facts: SheetFacts): string {
  const { report } = facts.reviewed
  const open = openFindings(facts)
  return htmlPage({
    kind: 'Sign-off page',
    title: subjectOf(facts),
    subtitle: facts.reviewed.model?.summary,
    band: demoBand(facts),
    facts: [
      { label: 'Verdict', value: verdictBadge(facts) },
      { label: 'Stage', value: facts.card?.model.stage ?? 'not verified' },
      { label: 'Risk tier', value: facts.card?.model.riskTier ?? 'not verified' },
      { label: 'Open findings', value: facts.card ? open.length : 'not verified' }
    ],
    sections: [subjectSection(facts), verdictSection(facts), findingsSection(facts, open), decisionSection()],
    footer: `Made by Drydock at ${report.checkedAt}. A signature by hand is on this paper alone. One that a program can verify is made with "drydock countersign".`
  })
}

/** What a committee should have read before it signs: rules that do not hold, errors and warnings of the data, limits. */
function openFindings({ card }: SheetFacts): [Html | string, Html | string, string][] {
  if (!card) return []
  const rules = (card.gate?.results ?? [])
    .filter(({ outcome }) => outcome !== 'pass')
    .map((rule): [string, Html, string] => [
      rule.title,
      badge(rule.severity === 'warn' ? 'warn' : 'error', rule.outcome === 'error' ? 'not decidable' : 'does not hold'),
      rule.errorDetail ?? rule.message
    ])
  const data = card.quality.findings
    .filter(({ severity }) => severity !== 'info')
    .map((finding): [string, Html, string] => [
      finding.title,
      badge(finding.severity === 'error' ? 'error' : 'warn', finding.severity),
      finding.detail
    ])
  return [...rules, ...data]
}

function findingsSection({ card }: SheetFacts, open: ReturnType<typeof openFindings>): PageSection {
  const limits = card?.model.limitations ?? []
  return {
    id: 'findings',
    title: 'Open findings',
    lead: 'Of the policy gate and of the data, as the signed model card says.',
    body: html`${
      card
        ? htmlTable({
            caption: 'Findings',
            columns: [{ title: 'Finding' }, { title: 'State' }, { title: 'What it means' }],
            rows: open,
            empty: 'No rule is broken, and no error or warning of the data is open.'
          })
        : html`<div class="note error"><p>The model card is not what was signed, so nothing is said of findings.</p></div>`
    }${card && !card.gate ? html`<div class="note warn"><p>No policy gate was run for this model.</p></div>` : ''}${
      limits.length === 0
        ? ''
        : html`<h3>Known limitations</h3>
            <ul>
              ${limits.map((limit) => html`<li>${limit}</li>`)}
            </ul>`
    }`
  }
}

const box = html`<span
  style="display:inline-block;width:13px;height:13px;border:1.5px solid currentColor;border-radius:2px;margin:0 8px -2px 0"
></span>`
const line = html`<div style="border-bottom:1px solid currentColor;height:30px"></div>`

function decisionSection(): PageSection {
  const [narrow, wide] = [90, 150].map((width) => html`<div style="height:34px;min-width:${width}px"></div>`)
  return {
    id: 'decision',
    title: 'Decision of the committee',
    body: html`<div style="break-inside:avoid">
      <p>${box}Approved</p>
      <p>${box}Approved with the conditions below</p>
      <p>${box}Rejected</p>
      <h3>Conditions and reasons</h3>
      ${line}${line}${line}
      <h3>Signatures</h3>
      ${htmlTable({
        caption: 'Whoever signs has read the subject, the verdict and the open findings',
        columns: [{ title: 'Name in print' }, { title: 'Role' }, { title: 'Date' }, { title: 'Signature' }],
        rows: Array.from({ length: signers }, () => [wide, narrow, narrow, wide])
      })}
    </div>`
  }
}
