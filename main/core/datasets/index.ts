export { createDatasets, type Datasets, type DatasetsWriter, type ResolvedDataset, type WorkOptions } from './datasets'
export type { MisfitCells } from './misfits'
export { kindOf } from './stage-columnar'
export { manifest } from './manifest'
