export type { Features } from './features'
export { manifest } from './manifest'
