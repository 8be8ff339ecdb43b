import { opened, type Manifest } from '../manifest'
import { experimentCommands, runCommands } from './commands'
import { createExperiments, type Experiments, type ExperimentsWriter } from './experiments'
import { fillJudgedRows } from './judged-rows'
import { experimentTables } from './tables'

export const manifest = {
  tables: experimentTables,
  commands: experimentCommands,
  innerCommands: { runs: runCommands },
  open: (context, { actor }: { actor(): string }) =>
    opened<Experiments, ExperimentsWriter, Experiments & Pick<ExperimentsWriter, 'records'>>(createExperiments(context, actor), {
      start: () => fillJudgedRows(context)
    })
} satisfies Manifest
