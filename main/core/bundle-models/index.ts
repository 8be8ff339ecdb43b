export { bundleModel } from './bundle-model'
export { bundleRecord, type BundleRecord } from './bundle-record'
export type { Trust } from './verified-bundle'
