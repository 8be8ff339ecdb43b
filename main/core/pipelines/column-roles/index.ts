export { createQueryParser, type ParseQuery } from './sql-tree'
export {
  columnsByKey,
  declaredFacts,
  unknownTable,
  whyNoFeature,
  type ColumnFacts,
  type DeclaredColumn,
  type LeftOutReason,
  type TableFacts
} from './table-facts'
export { traceQuery } from './trace-query'
