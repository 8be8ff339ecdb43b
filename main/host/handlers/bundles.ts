import type { bundles } from '../../../preload/contract/bundles'
import type { Handlers } from '../../../preload/wire/definitions'
import type { Application } from '../../core/application'
import { countersign } from '../../core/bundles'
import { openKeyFile } from '../../core/people'
import { inspectBundle, readBundleFile } from '../../core/review'
import { jobItems } from '../job-items'
import { progressItems } from '../progress-items'

export const bundlesHandlers: Handlers<{ bundles: typeof bundles }, Application>['bundles'] = {
  list: (_input, { workbench: app }) => app.exports.list(),
  async *export(input, { workbench: app, signal }) {
    const items = jobItems(
      app.jobs,
      { kind: 'export', title: `Export ${input.name}@${input.version}`, signal, subjectOf: () => `model:${input.name}@${input.version}` },
      (work) =>
        app.exports.export(input, { signal: work.signal, onProgress: (stage, fraction) => work.onProgress({ fraction, message: stage }) })
    )
    for (let item = await items.next(); ; item = await items.next()) {
      if (item.done) return item.value
      yield { stage: item.value.message, fraction: item.value.fraction ?? 0 }
    }
  },
  async *inspect({ path, ...trust }, { signal }) {
    return yield* progressItems((onProgress) =>
      inspectBundle(path, trust, { signal, onProgress: (fraction) => onProgress({ stage: 'Verifying the files', fraction }) })
    )
  },
  file: ({ path, file, sha256 }) => readBundleFile(path, file, sha256),
  async countersign({ path, keyPath, passphrase, copyTo, ...decision }, { signal, workbench: app }) {
    const { key } = await openKeyFile(keyPath, passphrase)
    const signed = await countersign(path, { ...decision, key, signal, ...(copyTo === undefined ? {} : { copyTo }) })
    const { file, report } = signed
    if (app.workspace)
      app.audit.record('bundle.countersigned', `bundle:sha256:${report.bundleDigest}`, { decision: decision.decision, name: decision.name })
    return { path: signed.path, attestation: file, report }
  },
  keys: (_input, { workbench: app }) => {
    const own = app.keyring.list().map(({ name, fingerprint, keyPath, demo }) => ({ name, fingerprint, keyPath, demo }))
    const workspacePeople = app.workspace ? app.people.list() : []
    const known = new Set(own.map((key) => key.fingerprint))
    const theirs = workspacePeople.flatMap((person) =>
      person.keys
        .filter((key) => key.usable && key.privateKeyPath !== null && !known.has(key.fingerprint))
        .map((key) => ({ name: person.name, fingerprint: key.fingerprint, keyPath: key.privateKeyPath!, demo: person.demo }))
    )
    return [...own, ...theirs]
  },
  createKey: async ({ name, passphrase }, { workbench: app }) => {
    const { fingerprint, keyPath } = await app.keyring.create(name, passphrase)
    return { name, fingerprint, keyPath }
  }
}
