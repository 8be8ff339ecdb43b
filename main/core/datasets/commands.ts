import { basename } from 'node:path'
import { datasetShapes } from '../../model/commands/datasets'
import type { ColumnPatch, DatasetDetail, DatasetSummary, ImportResult } from '../../model/dataset'
import { anybody, commandsOn } from '../commands'
import type { DatasetsWriter } from './datasets'
import { importFacts } from './import-facts'

const { change, job } = commandsOn<{ datasets: DatasetsWriter }>()

const describe = ({ name, owner, tags, licence, sensitivity, description }: DatasetSummary) => ({
  name,
  owner,
  tags,
  licence,
  sensitivity,
  description
})
/** What the patches touch, of each column; the rest of a wide table would only hide it. */
const columnsOf = ({ version }: DatasetDetail, patches: readonly ColumnPatch[]) =>
  Object.fromEntries(
    patches.map((patch) => {
      const column = version.columns.find((candidate) => candidate.name === patch.name)
      const keys = Object.keys(patch).filter((key) => key !== 'name') as (keyof ColumnPatch)[]
      return [patch.name, Object.fromEntries(keys.map((key) => [key, column?.[key] ?? null]))]
    })
  )
const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

export const datasetCommands = {
  import: job({
    ...datasetShapes.import,
    name: 'datasets.import',
    allow: anybody,
    event: 'dataset.imported',
    job: {
      kind: 'import',
      title: ({ path }) => `Import ${basename(path)}`,
      subject: (result: ImportResult) => result.version.ref
    },
    work: ({ datasets, by }, { path, options }, { commit, ...work }) =>
      datasets.importFile(path, options, { ...work, commit, createdBy: by }),
    tell(result: ImportResult, _input, _before, { datasets }) {
      if (!result.created) return null
      const { name } = result.dataset
      const [, former] = datasets.versions(name)
      return {
        subject: result.version.ref,
        before: former ? importFacts({ ...result, version: former }) : null,
        after: importFacts(result),
        detail: { name }
      }
    }
  }),
  setColumns: change({
    ...datasetShapes.setColumns,
    name: 'datasets.setColumns',
    allow: anybody,
    event: 'dataset.columns',
    before: ({ datasets }, { ref, columns }) => columnsOf(datasets.get(ref), columns),
    run: ({ datasets }, { ref, columns }) => datasets.setColumns(ref, columns),
    tell(detail: DatasetDetail, { columns }, before) {
      const after = columnsOf(detail, columns)
      return isSame(before, after) ? null : { subject: detail.version.ref, before, after, detail: { name: detail.name } }
    }
  }),
  update: change({
    ...datasetShapes.update,
    name: 'datasets.update',
    allow: anybody,
    event: 'dataset.updated',
    before: ({ datasets }, { name }) => describe(datasets.get(name)),
    run: ({ datasets }, { name, rename, metadata }) => datasets.update(name, { rename, metadata }),
    tell(detail: DatasetDetail, _input, before) {
      const after = describe(detail)
      return isSame(before, after) ? null : { subject: detail.latest.ref, before, after }
    }
  }),
  trash: change({
    ...datasetShapes.trash,
    name: 'datasets.trash',
    allow: anybody,
    event: 'dataset.trashed',
    run: ({ datasets }, { name }) => datasets.trash(name),
    tell: trashed
  }),
  restore: change({
    ...datasetShapes.restore,
    name: 'datasets.restore',
    allow: anybody,
    event: 'dataset.restored',
    before: ({ datasets }, { id }) => datasets.list({ trashed: true }).find((dataset) => dataset.id === id)?.trashedAt ?? null,
    run: ({ datasets }, { id }) => datasets.restore(id),
    tell: (dataset: DatasetSummary, _input, trashedAt) => (trashedAt === null ? null : trashed(dataset, _input, trashedAt))
  })
}

function trashed({ name, latest, trashedAt }: DatasetSummary, _input?: unknown, before: string | null = null) {
  return { subject: latest.ref, before: { trashedAt: before }, after: { trashedAt }, detail: { name } }
}
