export type { Bundles } from './bundles'
export { keyFileCommands } from './commands'
export { inspectBundle, readBundleFile, readTrust } from './review'
export { manifest } from './manifest'
