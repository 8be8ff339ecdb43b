import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { contentReference, DatasetRef, digestOf, Sha256 } from '../../../../model/reference'
import type { MisfitCells } from '../../../datasets'
import type { ImportLosses } from '../../../quality'
import { columnsByName, hasUnlisted, type TableFacts } from '../../column-roles/table-facts'
import { canonicalJson } from '../../content-key'
import type { FreezeContext } from '../../define-step'

/** What the check was told of an import behind its table: figures for who reads the run, and all of it as an object. */
const importFact = z.object({
  dataset: DatasetRef,
  rowsLeftOut: z.int(),
  /** Null for a version of an earlier program, which did not keep it. */
  cellsLost: z.int().nullable(),
  cellsAltered: z.int(),
  record: Sha256
})
const importFacts = z.array(importFact)
type ImportFact = z.infer<typeof importFact>
/** What stands in the object. */
type Kept = Omit<ImportLosses, 'cells'> & { misfitCells: Sha256 | null }

/** Looks up what the imports of the datasets behind a table lost and changed. Throws NOT_FOUND for a dataset that is not there. */
export async function freezeImports(table: TableFacts, { datasetVersion, putObject }: FreezeContext): Promise<ImportFact[]> {
  const facts: ImportFact[] = []
  for (const { name, version } of table.from ?? []) {
    const { imported } = await datasetVersion(name, version)
    if (!imported) continue
    const rules = (imported.rules ?? []).filter(({ column }) => column !== null)
    const lossy = [...(imported.misfits?.columns ?? []), ...rules].map(({ column }) => column!)
    facts.push({
      dataset: imported.reference,
      rowsLeftOut: imported.badRows,
      cellsLost: imported.misfits?.cells ?? null,
      cellsAltered: rules.reduce((n, { cells }) => n + cells, 0),
      record: await putObject(canonicalJson({ ...imported, became: columnsFrom(table, name, lossy) } satisfies Kept))
    })
  }
  return facts
}

/** What columns of a dataset became in a table; null where its columns are not all known. */
function columnsFrom(table: TableFacts, dataset: string, columns: readonly string[]): Record<string, string[]> | null {
  if (hasUnlisted(table)) return null
  const became: Record<string, string[]> = Object.fromEntries(columns.map((column) => [column, []]))
  for (const [name, { sources }] of columnsByName(table))
    for (const source of sources) if (source.dataset === dataset && Object.hasOwn(became, source.name)) became[source.name]!.push(name)
  return became
}

/** What was frozen, as the check takes it for the table with this digest: cells have their rows only in a table that is the version itself. */
export async function readImports(frozen: unknown, table: Sha256, objectPath: (sha256: Sha256) => string): Promise<ImportLosses[]> {
  const read = async <T>(sha256: Sha256): Promise<T> => JSON.parse(await readFile(objectPath(sha256), 'utf8')) as T
  return Promise.all(
    importFacts.parse(frozen ?? []).map(async ({ dataset, record }): Promise<ImportLosses> => {
      const { misfitCells, became, ...losses } = await read<Kept>(record)
      if (digestOf(dataset) !== table) return { ...losses, became }
      return { ...losses, ...(misfitCells && { cells: await read<MisfitCells>(misfitCells) }) }
    })
  )
}

/** What was frozen, as things that the check used. */
export const usedImports = (frozen: unknown): { port: string; sha256: Sha256; reference: string }[] =>
  importFacts.parse(frozen ?? []).map(({ dataset, record }) => {
    const name = dataset.slice(dataset.indexOf(':') + 1, dataset.lastIndexOf('@'))
    return { port: `import/${name}`, sha256: record, reference: contentReference('import', name, record) }
  })
