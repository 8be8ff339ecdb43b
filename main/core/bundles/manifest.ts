import { opened, type Manifest } from '../manifest'
import { createBundles, type Bundles, type BundlesWriter, type ExportSources } from './bundles'
import { bundleCommands, keyFileCommands } from './commands'
import { bundleTables } from './tables'

export const manifest = {
  tables: bundleTables,
  commands: bundleCommands,
  innerCommands: { keyFiles: keyFileCommands },
  open: (context, needs: ExportSources) => opened<Bundles, BundlesWriter>(createBundles(context, needs))
} satisfies Manifest
