import type { LineageNode } from '../../model/pipeline-run'
import type { RunId } from '../../model/reference'
import type { Experiments } from '../experiments'
import { opened, type Manifest } from '../manifest'
import type { People } from '../people'
import { modelCommands } from './commands'
import { toLineageGraph } from './lineage-graph'
import type { Models } from './read-models'
import { createModels, type ModelsWriter } from './registry'
import { modelTables } from './tables'

interface Needs {
  actor(): string
  readonly experiments: Pick<Experiments, 'run'>
  readonly people: Pick<People, 'holderOf'>
  /** Asked for when a model is read: pipelines open with models, not the other way round. */
  readonly pipelines: { judgedLineageOfRun(run: RunId): LineageNode[] }
}

export const manifest = {
  tables: modelTables,
  commands: modelCommands,
  open: (context, needs: Needs) =>
    opened<Models, ModelsWriter>(
      createModels(context, {
        run: needs.experiments.run,
        actor: needs.actor,
        people: needs.people,
        lineage: (run) => toLineageGraph(needs.pipelines.judgedLineageOfRun(run))
      })
    )
} satisfies Manifest
