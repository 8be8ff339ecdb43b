export {
  DsseEnvelope,
  isSignatureValid,
  openEnvelope,
  parseDocument,
  preAuthenticationEncoding,
  signPayload,
  signStatement,
  statementType
} from './dsse'
export { parseStrictJson } from './strict-json'
export { refuseName } from './file-names'
export { exportPublicKey, fingerprintOf, generateSigningKey, loadPrivateKey, loadPublicKey } from './signing-key'
export { signDirectory } from './sign-directory'
export { packBundle, writeContainer } from './pack-bundle'
export { openBundle } from './open-bundle'
export {
  decisionIndexFile,
  describeLeftOut,
  KnownDecision,
  weighDecisions,
  writeDecisionIndex,
  type LeftOut,
  type Room
} from './known-decisions'
export { examineBundle, verifyBundle } from './verify-bundle'
export type { ReadVerified } from './read-verified'
export { standingRejection } from './decision-count'
export { judgeDecisions, readDecisions, type FoundDecision } from './read-decisions'
export type { BundleTrust, OwnKey } from './trust-anchors'
export { joinTrust } from './join-trust'
export { readTrustDocument, type TrustDocument } from './trust-document'
export type { GateJudgement } from './verdict'
export { describeForeignEvidence, judgedParts } from './judged-evidence'
export { countersign, type Countersigned } from './countersign'
export { buildBundleDocuments, type BundleFacts } from './documents'
