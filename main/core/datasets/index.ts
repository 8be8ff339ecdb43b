export { datasetCommands } from './commands'
export { createDatasets, type Datasets, type DatasetsWriter, type ResolvedDataset, type WorkOptions } from './datasets'
export { kindOf } from './stage-columnar'
