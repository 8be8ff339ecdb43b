import type { Datasets } from '../datasets'
import { opened, type Manifest } from '../manifest'
import { qualityCommands } from './commands'
import { createQuality, type Quality, type QualityWriter } from './quality'
import { qualityTables } from './tables'

export const manifest = {
  tables: qualityTables,
  commands: qualityCommands,
  open: (context, { datasets }: { datasets: Pick<Datasets, 'checked' | 'imported' | 'misfitCells'> }) =>
    opened<Quality, QualityWriter>(createQuality(context, datasets))
} satisfies Manifest
