export type { GeneratedKey } from './signing-key'
export { fingerprintOf, generateSigningKey, loadPrivateKey, loadPublicKey } from './signing-key'
export type { SignedDirectory, SigningOptions } from './sign-directory'
export { signDirectory } from './sign-directory'
export type { BundleTrust } from './signer-identity'
export type { ExaminedBundle, VerifyOptions } from './verify-bundle'
export { examineBundle, verifyBundle } from './verify-bundle'
export type { Countersigned, CountersignOptions } from './countersign'
export { countersign } from './countersign'
export type { BundleLimits } from './container-limits'
export { defaultLimits } from './container-limits'
export type { OpenBundle } from './open-bundle'
export { openBundle } from './open-bundle'
export { packBundle } from './pack-bundle'
export { buildBundleDocuments, type BundleDocuments } from './documents'
export type {
  BundleDataset,
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
} from './documents'
