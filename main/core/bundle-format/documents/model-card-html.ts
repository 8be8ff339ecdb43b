import { gateWord } from '../../../model/gate-standing'
import { countOf } from '../../../model/count-of'
import { describeIndependence, judgedRowsNotes } from '../../../model/evidence'
import { describeSplit } from '../../../model/split-check'
import type { CardMetric, ModelCard } from '../../../model/model-card'
import {
  badge,
  formatBytes,
  formatDuration,
  formatNumber,
  html,
  htmlPage,
  htmlTable,
  relativeLink,
  type Html,
  type HtmlValue,
  type PageSection,
  type Tone
} from '../../reports'
import { taskOf } from '../../tasks'
import { personLabel } from './bundle-facts'
import { figureCells } from './card-figures'
import { inputSection } from './card-inputs'
import { coefficientsSection } from './coefficients-section'
import { pointsSection } from './points-section'
import { driversSection } from './drivers-section'
import { printReference } from '../../../model/reference'

const none = 'Not stated.'
const paragraphs = (text: string): Html => html`${(text.trim() || none).split(/\n{2,}/).map((part) => html`<p>${part}</p>`)}`
const code = (text: string): Html => html`<code>${text}</code>`
/** A digest in a sentence may break; otherwise its column would push the others off a printed page. */
const breakable = (text: string): Html => html`${text.split(/(?<=[0-9a-f]{16})(?=[0-9a-f])/).map((part) => html`${part}<wbr />`)}`
/** A dotted name may break after its dots and underscores, not in the middle of a word. */
const dottedName = (name: string): Html => html`<code>${name.split(/(?<=[._])/).map((part) => html`${part}<wbr />`)}</code>`

/** Draws the card: one file that a reviewer can read on a machine without any network, and print. */
export function renderModelCard(card: ModelCard): string {
  const { model, evaluation } = card
  const { card: own } = taskOf(model)
  const headline = evaluation.metrics.find((metric) => metric.name === own.headline.metric)
  const sections: (PageSection | null)[] = [
    purposeSection(card),
    gateSection(card),
    evaluationSection(card),
    fairnessSection(card),
    inputSection(card),
    coefficientsSection(card),
    pointsSection(card),
    driversSection(card),
    dataSection(card),
    qualitySection(card),
    runSection(card),
    peopleSection(card),
    evidenceSection(card),
    { id: 'statement', title: 'What this card does not claim', body: html`<div class="note warn"><p>${card.statement}</p></div>` }
  ]
  return htmlPage({
    kind: 'Model card',
    title: `${model.name}, version ${model.version}`,
    subtitle: model.description,
    band: card.demo
      ? 'DEMO IDENTITIES \u2014 the people and signatures in this bundle come from the sample. They show the procedure and approve nothing.'
      : undefined,
    facts: [
      { label: 'Stage', value: model.stage },
      { label: 'Risk tier', value: model.riskTier },
      {
        label: 'Owner',
        value: model.owner.name.trim() || 'not stated',
        note: personLabel(model.owner) === model.owner.name ? undefined : 'demo identity'
      },
      headline
        ? { label: own.headline.label, value: formatNumber(headline.value, 3), note: interval(headline) }
        : { label: own.headline.label, value: 'not measured' },
      {
        label: 'Policy gate',
        value: card.gate
          ? badge(card.gate.outcome === 'pass' ? (card.gateChanged ? 'warn' : 'ok') : 'error', gateTitles[gateWord(card.gate)])
          : 'not run'
      },
      judgedFact(evaluation)
    ],
    sections: sections.filter((section) => section !== null),
    footer: html`Made by Drydock ${card.generator.version} at ${card.generatedAt} from
      <a href="${relativeLink('model-card.json')}">model-card.json</a>. This file loads nothing from anywhere.`
  })
}

function judgedFact({ rows, split, independence, splitCheck }: ModelCard['evaluation']): {
  label: string
  value: Html | string
  note: string
} {
  const said = independence && describeIndependence(independence)
  const value = countOf(rows, 'row')
  if (splitCheck && describeSplit(splitCheck).some(({ tone }) => tone === 'error') && said?.tone !== 'error')
    return { label: 'Judged on', value: badge('error', value), note: 'not apart from the training' }
  if (said?.tone !== 'error') return { label: 'Judged on', value, note: `split "${split}"` }
  return { label: 'Judged on', value: badge('error', value), note: independence?.sameTable ? 'the training rows' : 'partly training rows' }
}

function interval(metric: CardMetric): string | undefined {
  return metric.low === undefined || metric.high === undefined
    ? undefined
    : `95 % CI ${formatNumber(metric.low, 3)} to ${formatNumber(metric.high, 3)}`
}

function purposeSection({ model }: ModelCard): PageSection {
  const limits =
    model.limitations.length > 0
      ? html`<ul>
          ${model.limitations.map((limit) => html`<li>${limit}</li>`)}
        </ul>`
      : html`<p>${none}</p>`
  return {
    id: 'purpose',
    title: 'Purpose and limits',
    body: html`<h3>Intended use</h3>
      ${paragraphs(model.intendedUse)}
      <h3>Out of scope</h3>
      ${paragraphs(model.outOfScope)}
      <h3>Known limitations</h3>
      ${limits}`
  }
}

const tones: Record<string, Tone> = { pass: 'ok', fail: 'error', error: 'error' }
const words: Record<string, string> = { pass: 'Holds', fail: 'Does not hold', error: 'Not decidable' }

const gateTitles = { passed: 'Passed', failed: 'Failed', undecided: 'Undecided', 'no gate': 'No gate' }

function gateSection({ gate, gateSuperseded, gateChanged, otherGates = [] }: ModelCard): PageSection {
  if (!gate)
    return { id: 'gate', title: 'Policy gate', body: html`<div class="note warn"><p>No policy gate was run for this model.</p></div>` }
  return {
    id: 'gate',
    title: 'Policy gate',
    lead: `Policy "${gate.title}", evaluated ${gate.evaluatedAt}. A rule that could not be decided counts as failed.`,
    body: html`<div class="note${gate.outcome === 'pass' ? '' : html` error`}"><p>${gate.reason}</p></div>
      ${gateSuperseded ? html`<div class="note warn"><p>This version of the policy has been superseded; the version in force was not applied to this model.</p></div>` : ''}
      ${gateChanged ? html`<div class="note warn"><p>The text of this policy was changed: ${gateChanged}. A later text does not undo what an earlier one refused.</p></div>` : ''}
      ${htmlTable({
        caption: `Rules of ${gate.policy}, version ${gate.sha256.slice(0, 8)}`,
        columns: [{ title: 'Rule' }, { title: 'Result' }, { title: 'Facts looked at' }, { title: 'Expression' }, { title: 'Reference' }],
        rows: gate.results.map((result) => [
          html`${result.title}${result.severity === 'warn' ? ' (warning only)' : ''}`,
          html`${badge(result.outcome !== 'pass' && result.severity === 'warn' ? 'warn' : (tones[result.outcome] ?? 'info'), words[result.outcome] ?? result.outcome)}${
            result.outcome === 'pass' ? '' : html`<br />${result.errorDetail ?? result.message}`
          }`,
          html`${result.evidence.map((fact) => html`<div>${dottedName(fact.fact)} ${factText(fact.value)}</div>`)}`,
          code(result.expression),
          result.reference ?? ''
        ])
      })}
      <p>
        ${countOf(gate.tests.length, 'test')} of the policy itself ran just before; ${gate.tests.filter((test) => test.passed).length}
        passed.
      </p>
      ${
        otherGates.length === 0
          ? ''
          : htmlTable({
              caption: 'Other gates that were run over this model, newest first',
              columns: [{ title: 'Policy' }, { title: 'Result' }, { title: 'At' }],
              rows: otherGates.map((other) => [
                other.policy,
                badge(other.outcome === 'pass' ? 'ok' : 'error', other.outcome === 'pass' ? 'Passed' : 'Failed'),
                other.at
              ])
            })
      }`
  }
}

function factText(value: unknown): string {
  if (value === undefined) return 'missing'
  if (typeof value === 'number') return String(Number(value.toPrecision(4)))
  return Array.isArray(value) ? countOf(value.length, 'value') : String(value)
}

/** How the intervals came about that were not drawn by resampling, each way once. */
function ownMethods(metrics: readonly CardMetric[]): string {
  const methods = [...new Set(metrics.flatMap(({ method }) => method ?? []))]
  return methods.length === 0 ? '' : `${methods.join(', ')}; the others `
}

function evaluationSection({ model, evaluation }: ModelCard): PageSection {
  const { card: own } = taskOf(model)
  const figures = own.figures(evaluation)
  const table = htmlTable({
    caption: evaluation.intervals
      ? `Figures with their ${formatNumber(evaluation.intervals.level * 100)} % intervals: ${ownMethods(evaluation.metrics)}${evaluation.intervals.method} bootstrap, ${formatNumber(evaluation.intervals.samples)} resamples of the ${formatNumber(evaluation.intervals.rows)} rows`
      : 'Figures with their 95 % intervals',
    columns: [
      { title: 'Figure' },
      { title: 'Value', align: 'number' },
      { title: 'Lower', align: 'number' },
      { title: 'Upper', align: 'number' },
      { title: 'Unit' },
      { title: 'Better' }
    ],
    rows: evaluation.metrics.map((metric) => [...figureCells(metric), metric.better ?? ''])
  })
  return {
    id: 'evaluation',
    title: 'Evaluation',
    lead: `Judged on ${formatNumber(evaluation.rows)} ${evaluation.independence?.sameTable ? 'training rows' : `rows of the split "${evaluation.split}"`}, ${own.outcomes(evaluation)}.`,
    body: html`${independenceNote(evaluation)}${baselineNote(own.baseline(evaluation))}${table}
      <div class="charts">${figures.charts}</div>
      ${figures.decisions}`
  }
}

/** Red wherever rows are shared: the figures below are then better than they will be on new rows. */
function independenceNote({ independence, splitCheck }: ModelCard['evaluation']): Html {
  return html`${judgedRowsNotes(independence, splitCheck).map(({ tone, text }) => html`<div class="note ${tone}"><p>${text}</p></div>`)}`
}

/** Whether the model knows more than how often the event happens. */
const baselineNote = (said: { tone: string; text: string } | null): Html | string =>
  said ? html`<div class="note ${said.tone}"><p>${said.text}</p></div>` : ''

function fairnessSection({ model, evaluation }: ModelCard): PageSection {
  const { fairness } = evaluation
  if (!fairness)
    return {
      id: 'fairness',
      title: 'Groups compared',
      body: html`<div class="note warn"><p>No groups were compared for this model.</p></div>`
    }
  return {
    id: 'fairness',
    title: 'Groups compared',
    lead: `Groups of "${fairness.column}". Differences may have causes in the world; the reviewer judges whether they are acceptable.`,
    body: taskOf(model).card.groups(fairness)
  }
}

function dataSection({ datasets }: ModelCard): PageSection {
  return {
    id: 'data',
    title: 'Data',
    body: html`${htmlTable({
      empty: 'No dataset is recorded.',
      columns: [
        { title: 'Dataset' },
        { title: 'Use' },
        { title: 'Rows', align: 'number' },
        { title: 'Columns', align: 'number' },
        { title: 'Source' },
        { title: 'Licence' },
        { title: 'Sensitivity' },
        { title: 'SHA-256' }
      ],
      rows: datasets.map((data) => [
        data.name,
        data.use ?? '',
        formatNumber(data.rows),
        data.columns.length,
        breakable(data.source || none),
        data.licence || none,
        data.sensitivity,
        code(data.sha256)
      ])
    })}${datasets.map(
      (data) =>
        html`<details>
          <summary>Columns of ${data.name}</summary>
          ${htmlTable({
            columns: [{ title: 'Column' }, { title: 'Type' }, { title: 'Role' }, { title: 'Unit' }],
            rows: data.columns.map((column) => [column.name, column.type, column.role ?? '', column.unit ?? ''])
          })}
        </details>`
    )}`
  }
}

const severityTones: Record<string, Tone> = { error: 'error', warning: 'warn', info: 'info' }

function qualitySection({ quality }: ModelCard): PageSection {
  return {
    id: 'quality',
    title: 'Data quality',
    lead:
      quality.rows === 0
        ? 'No quality report is enclosed.'
        : `${countOf(quality.rows, 'row')} ${quality.rows === 1 ? 'was' : 'were'} examined: ${countOf(quality.errors, 'error')}, ${countOf(quality.warnings, 'warning')}.`,
    body: htmlTable({
      empty: 'No findings.',
      columns: [{ title: 'Finding' }, { title: 'Severity' }, { title: 'Columns' }, { title: 'What it means' }],
      rows: quality.findings.map((finding) => [
        finding.title,
        badge(severityTones[finding.severity] ?? 'info', finding.severity),
        finding.column ?? '',
        finding.detail
      ])
    })
  }
}

function pairs(caption: string, entries: readonly (readonly [string, HtmlValue])[]): Html {
  return htmlTable({ caption, columns: [{ title: 'Name' }, { title: 'Value' }], rows: entries, empty: `${caption}: none recorded.` })
}

function runSection({ run, trials, model }: ModelCard): PageSection {
  return {
    id: 'run',
    title: 'Training run',
    lead: `The run that was registered is one of ${countOf(trials.total, 'trial')}: ${trials.finished} finished, ${trials.failed} failed or cancelled, ${trials.discarded} discarded.`,
    body: html`${pairs('Run', [
        ['Run', code(printReference({ kind: 'run', id: run.id }))],
        ['Algorithm', model.algorithm],
        ['Started', run.startedAt ?? 'not recorded'],
        ['Duration', formatDuration(run.durationSeconds)],
        ['Code SHA-256', run.codeSha256 === undefined ? 'not recorded' : code(run.codeSha256)],
        ...Object.entries(run.seeds).map(([name, value]) => [`Seed: ${name}`, value] as const)
      ])}
      <div class="charts">
        ${pairs(
          'Parameters',
          Object.entries(run.parameters).map(([name, value]) => [name, code(value)] as const)
        )}${pairs('Environment', Object.entries(run.environment))}
      </div>`
  }
}

function peopleSection({ people, demo }: ModelCard): PageSection {
  return {
    id: 'people',
    title: 'People',
    lead: 'Roles as recorded in the workspace. Who signed, and with which key, is in model.sig and attestations/, not here.',
    body: html`${demo ? html`<div class="note warn"><p>These are demo identities.</p></div>` : ''}${htmlTable({
      empty: 'Nobody is recorded.',
      columns: [{ title: 'Name' }, { title: 'Role' }, { title: 'Kind' }],
      rows: people.map((person) => [person.name, person.role, person.demo ? badge('warn', 'demo identity') : 'person'])
    })}`
  }
}

function evidenceSection({ evidence }: ModelCard): PageSection {
  return {
    id: 'evidence',
    title: 'Evidence in this bundle',
    lead: 'Each claim above rests on a file of this bundle. The digests are repeated in model.sig, which the signer signed.',
    body: htmlTable({
      columns: [{ title: 'File' }, { title: 'What it shows' }, { title: 'Size', align: 'number' }, { title: 'SHA-256' }],
      rows: evidence.map((file) => [
        html`<a href="${relativeLink(`../${file.path}`)}">${file.path}</a>`,
        file.claim,
        formatBytes(file.size),
        code(file.sha256)
      ])
    })
  }
}
