export { createDatasets, type Datasets, type DerivedFile, type ResolvedDataset, type WorkOptions } from './datasets'
export { quoteName, quotePath, quoteText } from './sql-quoting'
export { kindOf } from './stage-columnar'
export { importFacts } from './import-facts'
