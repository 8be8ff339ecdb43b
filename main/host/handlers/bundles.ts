import type { bundles } from '../../../preload/contract/bundles'
import type { Handlers } from '../../../preload/wire/definitions'
import { commands } from '../../core/all-commands'
import type { Application } from '../../core/application'
import {
  askedBefore,
  forgetAsked,
  inspectBundle,
  readBundleFile,
  rememberAsked,
  rememberReview,
  reviewedBundles,
  withKeptPeople
} from '../../core/bundles'
import { bindCommands } from '../bind-commands'
import { progressItems } from '../progress-items'
import { ownKeys, signingKeys } from '../signing-keys'

const bound = bindCommands(commands.bundles)

export const bundlesHandlers: Handlers<{ bundles: typeof bundles }, Application>['bundles'] = {
  ...bound,
  list: (_input, { workbench: app }) => app.bundles.list(),
  rejections: ({ name, version }, { workbench: app }) => app.bundles.rejections(name, version),
  decisions: (_input, { workbench: app }) => app.bundles.decisions(),
  async *export(input, context) {
    const items = bound.export(input, context)
    for (let item = await items.next(); ; item = await items.next()) {
      if (item.done) return item.value
      yield { stage: item.value.message, fraction: item.value.fraction ?? 0 }
    }
  },
  async *inspect({ path, question, remember, ...trust }, { workbench: app, signal }) {
    const given = { ...withKeptPeople(trust, app.workspace ? app.people.list() : null), own: ownKeys(app) }
    const reviewed = yield* progressItems((onProgress) =>
      inspectBundle(path, given, { signal, question, onProgress: (fraction) => onProgress({ stage: 'Verifying the files', fraction }) })
    )
    await rememberReview(app.userDirectory, path)
    const digest = reviewed.report.bundleDigest
    if (digest === null) return reviewed
    const workspace = app.workspace?.id
    const before = askedBefore(app.userDirectory, digest, workspace)
    if (remember) await rememberAsked(app.userDirectory, digest, { trust, question, ...(trust.keptPeople && { workspace }) })
    return { ...reviewed, ...(before && { askedBefore: before }) }
  },
  forgetAsked: async ({ bundleDigest }, { workbench: app }) => {
    await forgetAsked(app.userDirectory, bundleDigest)
    return null
  },
  file: ({ path, file, sha256 }) => readBundleFile(path, file, sha256),
  reviewed: (_input, { workbench: app }) => reviewedBundles(app.userDirectory),
  keys: (_input, { workbench: app }) => signingKeys(app)
}
