export { manifest } from './manifest'
