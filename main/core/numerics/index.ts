export { assertNotCancelled, breathe } from './breathe'
export { normalQuantile, normalShare, rangeQuantile, rangeShare, solveRising } from './normal'
export { Random } from './random'
export { wilsonInterval, z95 } from './wilson-interval'
