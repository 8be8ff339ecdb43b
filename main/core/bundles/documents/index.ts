export { buildBundleDocuments, type BundleDocuments } from './build-documents'
export type {
  BundleColumn,
  BundleDataset,
  BundleEnvironment,
  BundleEvent,
  BundleGate,
  BundleLog,
  BundleSample,
  BundleFacts,
  BundleFileFact,
  BundlePerson,
  BundleReference,
  BundleSigner,
  BundleStep,
  BundleTrial
} from './bundle-facts'
