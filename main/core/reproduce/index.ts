export { reproduceBundle, type ReproduceBundle } from './of-bundle'
export { manifest } from './manifest'
