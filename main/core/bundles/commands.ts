import { basename } from 'node:path'
import { bundleShapes, type ExportedBundle } from '../../model/commands/bundles'
import type { SavedDocument } from '../../model/commands/documents'
import type { PrintPage } from '../../model/printed-page'
import type { VerificationReport } from '../../model/bundle'
import { WorkbenchError } from '../../model/errors'
import { writeFileDurably } from '../../storage/objects/durable-files'
import { countersign, describeLeftOut, type Countersigned } from '../bundle-format'
import { anybody, commandsOn, none, type Work } from '../commands'
import { saveDocument } from '../documents'
import { openKeyFile, type Keyring, type People } from '../people'
import { recordOf, type HeldDecision } from './kept-decisions'
import { withKeptPeople } from './kept-people'
import { readTrust } from './review'
import { bundleSheet } from './sheets'
import type { BundlesWriter, ExportMade, ExportWork } from './bundles'
import { contentReference, printReference } from '../../model/reference'

const { job, task: taskHere } = commandsOn<{ bundles: BundlesWriter; print: PrintPage }>()
const { task } = commandsOn<{ keyring: Keyring; people?: People; bundles?: BundlesWriter; print: PrintPage }>()

const exporting = {
  kind: 'export' as const,
  title: ({ name, version }: { name: string; version: number }) => `Export ${name}@${version}`,
  subject: ({ model, version }: ExportedBundle) => printReference({ kind: 'model', name: model, number: version })
}
const tellExport = ({ exported: made, known }: ExportMade) => ({
  subject: contentReference('bundle', null, made.signatureSha256),
  before: null,
  after: { model: `${made.model}@${made.version}`, root: made.rootSha256, fingerprint: made.fingerprint },
  detail: { ...(made.unowned && { signer: 'a key that nobody in this workspace owns' }), ...(known.length > 0 && { known }) }
})
const workOf = ({ signal, commit, onProgress }: Work<ExportMade>): ExportWork => ({
  signal,
  commit,
  onProgress: (message, fraction) => onProgress({ message, fraction })
})

export const bundleCommands = {
  export: job({
    ...bundleShapes.export,
    name: 'bundles.export',
    allow: anybody,
    event: 'bundle.exported',
    job: exporting,
    work: ({ bundles }, request, work) => bundles.export(request, workOf(work)),
    tell: tellExport
  }),
  countersign: task({
    ...bundleShapes.countersign,
    name: 'bundles.countersign',
    allow: anybody,
    needsNoWorkspace: true,
    event: 'bundle.countersigned',
    async work({ people, bundles }, { path, keyPath, passphrase, chainPath, trust, ...decision }, { signal, commit }) {
      const { key, fingerprint } = await openKeyFile(keyPath, passphrase)
      people?.assertMaySign(fingerprint)
      const certificateChainPem =
        chainPath === undefined ? undefined : (await readTrust({ rootCertificatePath: chainPath })).rootCertificatePem
      const given = await readTrust(withKeptPeople(trust ?? {}, people ? people.list() : null))
      const signed = await countersign(path, { ...decision, key, signal, certificateChainPem, trust: given })
      const held = bundles ? await keepOwn(bundles, signed) : []
      commit(() => ({ report: signed.report, fingerprint, file: basename(signed.path), held }))
      return { path: signed.path, attestation: signed.file, report: signed.report }
    },
    tell: (
      { report, fingerprint, file, held }: { report: VerificationReport; fingerprint: string; file: string; held: HeldDecision[] },
      { decision, name, meaning }
    ) => ({
      subject: contentReference('bundle', null, report.bundleDigest!),
      before: null,
      after: { decision, name, meaning, fingerprint, file },
      ...(held.length > 0 && { detail: { known: recordOf(held) } })
    })
  }),
  takeDecisions: taskHere({
    ...bundleShapes.takeDecisions,
    name: 'bundles.takeDecisions',
    allow: anybody,
    event: 'bundle.decided',
    async work({ bundles }, { paths }, { commit }) {
      const { held, leftOut } = await bundles.broughtBack(paths)
      const fresh = held.filter(({ isNew }) => isNew)
      await bundles.keep(held)
      commit(() => fresh)
      const about = new Set(held.map(({ bundle }) => bundle))
      return {
        kept: fresh.length,
        known: held.length - fresh.length,
        ...(leftOut.size > 0 && { notKept: { count: leftOut.size, reason: describeLeftOut(leftOut) } }),
        about: [...new Set(bundles.list().flatMap((each) => (about.has(each.signatureSha256) ? [`${each.model}@${each.version}`] : [])))]
      }
    },
    tell: (fresh: HeldDecision[]) =>
      [...new Set(fresh.map(({ bundle }) => bundle))].map((bundle) => {
        const held = fresh.filter((each) => each.bundle === bundle)
        return {
          subject: contentReference('bundle', null, bundle),
          before: null,
          after: { decisions: held.map(({ known: { decision, name } }) => ({ decision, name })) },
          detail: { known: recordOf(held) }
        }
      })
  }),
  saveCard: taskHere({
    ...bundleShapes.saveCard,
    name: 'bundles.saveCard',
    allow: anybody,
    event: 'card.saved',
    async work({ bundles, print }, { name, version, ...places }, { signal, commit }) {
      const saved = await saveDocument(await bundles.cardDocument(name, version), places, print, signal)
      return commit(() => saved)
    },
    tell: (saved: SavedDocument, { name, version }) => ({
      subject: printReference({ kind: 'model', name, number: version }),
      after: told(saved)
    })
  }),
  saveSheet: task({
    ...bundleShapes.saveSheet,
    name: 'bundles.saveSheet',
    allow: anybody,
    needsNoWorkspace: true,
    event: 'sheet.saved',
    async work({ people, print }, { sheet, path, question, html, pdf, paper, ...trust }, { signal, commit }) {
      const given = withKeptPeople(trust, people ? people.list() : null)
      const made = await bundleSheet(sheet, path, given, { signal, question })
      const saved = await saveDocument(made, { html, pdf, paper }, print, signal)
      return commit(() => ({ ...saved, reference: made.reference }))
    },
    tell: (saved: SavedDocument & { reference: string }, { sheet }) => ({ subject: saved.reference, after: { sheet, ...told(saved) } })
  }),
  createKey: task({
    ...bundleShapes.createKey,
    name: 'bundles.createKey',
    allow: anybody,
    needsNoWorkspace: true,
    event: none('The key belongs to this machine and to no workspace; a person who takes it in is recorded as key.added.'),
    async work({ keyring }, { name, passphrase }) {
      const { fingerprint, keyPath } = await keyring.create(name, passphrase)
      return { name, fingerprint, keyPath }
    }
  }),
  savePublicKey: task({
    ...bundleShapes.savePublicKey,
    name: 'bundles.savePublicKey',
    allow: anybody,
    needsNoWorkspace: true,
    event: none('A key of this machine that belongs to no workspace leaves no trace in one.'),
    async work({ keyring }, { fingerprint, path }) {
      const key = keyring.list().find((each) => each.fingerprint === fingerprint)
      if (!key) throw new WorkbenchError('NOT_FOUND', 'This key is no longer among the keys of this machine. Choose another one.')
      await writeFileDurably(path, key.publicPem)
      return { path }
    }
  })
}

const told = ({ files, sha256 }: SavedDocument) => ({ file: files.map(({ path }) => basename(path)).join(', '), page: sha256 })

/** The decision that was just signed, kept where the bundle is an export of this workspace; nothing where it is another's. */
async function keepOwn(bundles: BundlesWriter, signed: Countersigned): Promise<HeldDecision[]> {
  const isOurs = bundles.list().some(({ signatureSha256 }) => signatureSha256 === signed.report.bundleDigest)
  if (!isOurs) return []
  const held = (await bundles.broughtBack([signed.path])).held.filter(({ isNew, file }) => isNew && file === signed.file)
  await bundles.keep(held)
  return held
}

/** With any key file: what a script on the command line has. */
export const keyFileCommands = {
  export: job({
    ...bundleShapes.exportWithKey,
    name: 'keyFiles.export',
    allow: anybody,
    event: 'bundle.exported',
    job: exporting,
    work: ({ bundles }, request, work) => bundles.exportWithKey(request, workOf(work)),
    tell: tellExport
  })
}
