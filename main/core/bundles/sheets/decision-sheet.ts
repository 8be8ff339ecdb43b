import type { Attestation, VerificationReport } from '../../../model/bundle'
import { badge, html, htmlPage, htmlTable, type Html } from '../../reports'
import type { SheetFacts } from './sheet-facts'
import { code, demoBand, listed, signerText, subjectOf, subjectSection, verdictBadge, verdictSection } from './sheet-parts'

/** Every signed decision in a bundle: who, what, when, by which key, and whether it counts. */
export function decisionSheet(facts: SheetFacts): string {
  const { report } = facts.reviewed
  const held = report.attestations.filter(({ valid, decision }) => valid && decision !== null)
  const { approvedBy, rejectedBy, releasedBy } = report.decisions
  return htmlPage({
    kind: 'Decision sheet',
    title: subjectOf(facts),
    subtitle: 'Signed decisions as they lie in the bundle, and what they come to by the trust that was given.',
    band: demoBand(facts),
    facts: [
      { label: 'Verdict', value: verdictBadge(facts) },
      { label: 'Approved by', value: approvedBy.length === 0 ? 'nobody who counts' : approvedBy.join('; ') },
      { label: 'Rejected by', value: rejectedBy.length === 0 ? 'nobody who counts' : rejectedBy.join('; ') },
      { label: 'Released by', value: releasedBy.length === 0 ? 'nobody who counts' : releasedBy.join('; ') }
    ],
    sections: [
      {
        id: 'decisions',
        title: 'Decisions',
        lead: 'A name is what the signer typed. Who it really was is said by the key, as far as the trust that was given knows it.',
        body: html`${held.length === 0 ? html`<p>No decision in this bundle holds.</p>` : held.map((each, at) => decision(each, at + 1))}
        ${setAside(report)} ${listed('Remarks', report.decisions.remarks)}`
      },
      verdictSection(facts),
      subjectSection(facts)
    ],
    footer: `Made by Drydock at ${report.checkedAt}. The signed files are the proof, this sheet is a reading of them: "drydock verify" judges them anew.`
  })
}

function decision(each: Attestation, number: number): Html {
  const said = each.decision === 'reject' ? badge('error', 'rejects') : badge('ok', 'approves')
  return html`<h3>${number}. ${each.name ?? 'No name'} ${said}</h3>
    ${htmlTable({
      columns: [{ title: 'What' }, { title: 'Value' }],
      rows: [
        ['Statement', each.statement ?? ''],
        ['Meaning of the signature', each.meaning ?? 'not said'],
        ['Time', `${each.time ?? 'not said'} (${each.clockNote})`],
        ['Who this is', each.signedByAuthor ? 'the author of the bundle; not an independent review' : signerText(each.signer)],
        ['Key (SHA-256)', code(each.signer?.keyFingerprint ?? 'none')],
        ['About', each.earlier ? 'an earlier export of this version; decides nothing about this bundle' : 'this bundle'],
        ['File', html`${each.file} ${code(each.sha256 ?? '')}`]
      ]
    })}`
}

const setAside = ({ attestations }: VerificationReport): Html | string =>
  listed(
    'Set aside',
    attestations.filter(({ valid }) => !valid).map(({ file, problem }) => `${file}: ${problem ?? 'it does not hold'}`)
  )
