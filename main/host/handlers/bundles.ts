import type { bundles } from '../../../preload/contract/bundles'
import type { Handlers } from '../../../preload/wire/definitions'
import { commands } from '../../core/all-commands'
import type { Application } from '../../core/application'
import { inspectBundle, readBundleFile } from '../../core/bundles'
import { bindCommands } from '../bind-commands'
import { progressItems } from '../progress-items'

const bound = bindCommands(commands.bundles)

export const bundlesHandlers: Handlers<{ bundles: typeof bundles }, Application>['bundles'] = {
  ...bound,
  list: (_input, { workbench: app }) => app.bundles.list(),
  async *export(input, context) {
    const items = bound.export(input, context)
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
  }
}
