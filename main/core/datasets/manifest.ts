import { opened, type Manifest } from '../manifest'
import { datasetCommands } from './commands'
import { createDatasets, type Datasets, type DatasetsWriter } from './datasets'
import { datasetTables } from './tables'

export const manifest = {
  tables: datasetTables,
  commands: datasetCommands,
  open: (context) => opened<Datasets, DatasetsWriter>(createDatasets(context))
} satisfies Manifest
