import { basename } from 'node:path'
import { bundleShapes, type ExportedBundle } from '../../model/commands/bundles'
import type { VerificationReport } from '../../model/bundle'
import { WorkbenchError } from '../../model/errors'
import { writeFileDurably } from '../../storage/objects/durable-files'
import { countersign } from '../bundle-format'
import { anybody, commandsOn, none, type Work } from '../commands'
import { openKeyFile, type Keyring, type People } from '../people'
import { withKeptPeople } from './kept-people'
import { readTrust } from './review'
import type { BundlesWriter, ExportWork } from './bundles'
import { contentReference, printReference } from '../../model/reference'

const { job } = commandsOn<{ bundles: BundlesWriter }>()
const { task } = commandsOn<{ keyring: Keyring; people?: People }>()

const exporting = {
  kind: 'export' as const,
  title: ({ name, version }: { name: string; version: number }) => `Export ${name}@${version}`,
  subject: ({ model, version }: ExportedBundle) => printReference({ kind: 'model', name: model, number: version })
}
const tellExport = (made: ExportedBundle) => ({
  subject: contentReference('bundle', null, made.signatureSha256),
  before: null,
  after: { model: `${made.model}@${made.version}`, root: made.rootSha256, fingerprint: made.fingerprint },
  ...(made.unowned && { detail: { signer: 'a key that nobody in this workspace owns' } })
})
const workOf = ({ signal, commit, onProgress }: Work<ExportedBundle>): ExportWork => ({
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
    async work({ people }, { path, keyPath, passphrase, chainPath, trust, ...decision }, { signal, commit }) {
      const { key, fingerprint } = await openKeyFile(keyPath, passphrase)
      people?.assertMaySign(fingerprint)
      const certificateChainPem =
        chainPath === undefined ? undefined : (await readTrust({ rootCertificatePath: chainPath })).rootCertificatePem
      const given = trust && (await readTrust(withKeptPeople(trust, people ? people.list() : null)))
      const signed = await countersign(path, { ...decision, key, signal, certificateChainPem, trust: given })
      commit(() => ({ report: signed.report, fingerprint, file: basename(signed.path) }))
      return { path: signed.path, attestation: signed.file, report: signed.report }
    },
    tell: (
      { report, fingerprint, file }: { report: VerificationReport; fingerprint: string; file: string },
      { decision, name, meaning }
    ) => ({
      subject: contentReference('bundle', null, report.bundleDigest!),
      before: null,
      after: { decision, name, meaning, fingerprint, file }
    })
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
