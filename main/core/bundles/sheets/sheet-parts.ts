import { notPortable } from '../../../model/external-scorer'
import { verdictWord, type SignerIdentity, type Verdict } from '../../../model/bundle'
import { badge, html, htmlTable, type Html, type PageSection, type Tone } from '../../reports'
import type { SheetFacts } from './sheet-facts'

export const code = (text: string): Html => html`<code>${text}</code>`

const tones: Record<Verdict, Tone> = { holds: 'ok', altered: 'error', rejected: 'error', insufficient: 'warn' }
export const verdictBadge = ({ reviewed: { report } }: SheetFacts): Html => badge(tones[report.verdict], verdictWord(report))

/** The name and version that the verified card says; else what the signer called it. */
export const subjectOf = ({ reviewed: { report, model } }: SheetFacts): string =>
  model ? `${model.name}, version ${model.version}` : (report.subjectName ?? 'a bundle without a name')

export const demoBand = ({ reviewed }: SheetFacts): string | undefined =>
  reviewed.demo ? 'DEMO IDENTITIES: the people and signatures in this bundle come from the sample. They approve nothing.' : undefined

/** Who somebody is by the reader's trust, or that nobody vouches. */
export const signerText = (signer: SignerIdentity | null): string => {
  if (!signer) return 'unknown'
  const known = signer.knownAs ?? signer.certificate?.subject
  return signer.anchoredBy === 'none' ? `${known ?? 'a key'}, for whom nothing given vouches` : (known ?? 'a key that was given')
}

/** The digests by which the subject is found again and held against what was signed. */
export function subjectSection(facts: SheetFacts): PageSection {
  const { report } = facts.reviewed
  const verified = facts.reviewed.files.filter(({ state }) => state === 'verified')
  const model = ['model/model.onnx', 'model/scorer.json'].flatMap((own) => verified.find(({ path }) => path === own) ?? [])[0]
  const rows: [string, Html | string][] = [
    ['Subject', subjectOf(facts)],
    ['Bundle (SHA-256 of model.sig)', code(report.bundleDigest ?? 'none')],
    ['All files (root that was signed)', code(report.root ?? 'none')],
    ['Model file (SHA-256)', model?.sha256 ? code(model.sha256) : 'not verified'],
    ...(model?.path === 'model/scorer.json' ? [['Form', notPortable] as [string, string]] : []),
    ['Author', signerText(report.signer)],
    ['Key of the author (SHA-256)', code(report.signer?.keyFingerprint ?? 'none')],
    ['Files under the signature', String(report.totals.signedFiles)],
    ['Verified at', report.checkedAt]
  ]
  return {
    id: 'subject',
    title: 'Subject',
    lead: 'Another bundle, even of the same version, has other digests.',
    body: htmlTable({ caption: 'What this sheet is about', columns: [{ title: 'What' }, { title: 'Value' }], rows })
  }
}

export function verdictSection(facts: SheetFacts): PageSection {
  const { report, model } = facts.reviewed
  const failed = report.checks.filter(({ status }) => status === 'fail' || status === 'unsupported')
  const tone = tones[report.verdict] === 'ok' ? '' : ` ${tones[report.verdict]}`
  return {
    id: 'verdict',
    title: 'Verdict',
    body: html`<div class="note${tone}"><p>${verdictBadge(facts)} ${report.summary}</p></div>
      ${model?.concern ? html`<div class="note ${model.concern.tone}"><p>${model.concern.text}</p></div>` : ''}
      ${listed('Missing of what was asked', report.missing)}
      ${listed(
        'Checks that do not hold',
        failed.map(({ title, detail }) => `${title}: ${detail}`)
      )}
      ${listed('Not checked', report.notChecked)}`
  }
}

export const listed = (title: string, lines: readonly string[]): Html | string =>
  lines.length === 0
    ? ''
    : html`<h3>${title}</h3>
        <ul>
          ${lines.map((line) => html`<li>${line}</li>`)}
        </ul>`
