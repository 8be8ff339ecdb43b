export { createBundles, type Bundles, type BundlesWriter } from './bundles'
export { bundleCommands, keyFileCommands } from './commands'
export { inspectBundle, readBundleFile, readTrust } from './review'
