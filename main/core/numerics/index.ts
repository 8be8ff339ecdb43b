export { assertNotCancelled, breathe } from './breathe'
export { Random } from './random'
export { wilsonInterval } from './wilson-interval'
