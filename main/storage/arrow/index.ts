export {
  type ArrowColumn,
  arrowColumns,
  type ArrowFileSummary,
  arrowSchemaColumns,
  inspectArrowFile,
  isArrowStream,
  isUnmarkedStream
} from './inspect'
export { normaliseArrow } from './normalise'
export { arrowReadingNotes } from './reading-notes'
