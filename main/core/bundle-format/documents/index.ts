export { buildBundleDocuments } from './build-documents'
export type { BundleFacts } from './bundle-facts'
