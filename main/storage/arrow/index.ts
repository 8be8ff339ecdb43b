export { type ArrowFileSummary, inspectArrowFile } from './inspect'
export { normaliseArrow } from './normalise'
