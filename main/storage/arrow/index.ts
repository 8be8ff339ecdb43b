export { type ArrowColumn, arrowColumns, type ArrowFileSummary, arrowSchemaColumns, inspectArrowFile, isArrowStream } from './inspect'
export { normaliseArrow } from './normalise'
