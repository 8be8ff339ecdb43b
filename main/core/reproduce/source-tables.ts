import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { copyFile, mkdir } from 'node:fs/promises'
import { basename, extname, join } from 'node:path'
import type { ImportChoices } from '../../model/dataset'
import { WorkbenchError } from '../../model/errors'
import type { Sha256 } from '../../model/reference'
import type { ReproductionDifference } from '../../model/reproduction'
import { countOf } from '../../model/count-of'
import { arrowColumns } from '../../storage/arrow'
import { inspectArrowFile } from '../../storage/arrow/inspect'
import { isIntact } from '../../storage/objects/digest-check'
import { sha256File } from '../../storage/objects/durable-files'
import { withStagedTable } from '../datasets'
import { firstDifference } from './first-difference'

/** A dataset version that a run read, with how it was imported. */
export interface RecordedTable {
  name: string
  sha256: Sha256
  /** The Arrow file that the workspace has of it, if any. */
  path: string | null
  choices: ImportChoices
  /** Of the file that was imported. */
  source: { name: string; sha256: Sha256 } | null
  /** Rows and columns, where the table itself is not at hand. */
  shape?: { rows: number; columns: readonly { name: string; type: string }[] }
}

export interface GatheredTables {
  /** Arrow files by digest, of those that are as they were recorded. */
  tables: Map<Sha256, string>
  differences: ReproductionDifference[]
}

/**
 * The tables that a run read, as they are now: from files that are given, imported again as then, else from the workspace. What is another is
 * named, with the first cell where both are at hand. `folder` takes what is imported.
 * @throws WorkbenchError NOT_FOUND for a table that nobody has, INVALID_INPUT for a file that belongs to none
 */
export async function gatherTables(
  recorded: readonly RecordedTable[],
  files: readonly string[],
  folder: string,
  signal?: AbortSignal
): Promise<GatheredTables> {
  await mkdir(folder, { recursive: true })
  const given = await assignFiles(recorded, files)
  const gathered: GatheredTables = { tables: new Map(), differences: [] }
  for (const table of recorded) {
    const file = given.get(table.sha256)
    const path = file === undefined ? table.path : await importAgain(table, file, folder, signal)
    if (path === null || !existsSync(path))
      throw new WorkbenchError(
        'NOT_FOUND',
        `The table of "${table.name}" (${table.sha256.slice(0, 8)}) is not here, so the run cannot be done again. Give the file that it was imported from with --data.`,
        { details: { dataset: table.name, sha256: table.sha256 } }
      )
    if (await isIntact(path, table.sha256)) {
      gathered.tables.set(table.sha256, path)
      continue
    }
    const isAtHand = file !== undefined && table.path !== null && (await isIntact(table.path, table.sha256))
    gathered.differences.push({
      what: `dataset ${table.name}`,
      recorded: table.sha256,
      fresh: await sha256File(path),
      detail: isAtHand
        ? await firstDifference(table.path!, path, signal)
        : file === undefined
          ? 'The data file in the workspace was changed since. Restore it from a backup, or give the file that it was imported from with --data.'
          : await otherShape(table.shape, path)
    })
  }
  return gathered
}

/** What can be said of a table that is another one, where only its rows and columns are known. */
async function otherShape(shape: RecordedTable['shape'], path: string): Promise<string> {
  const unnamed = 'The table as it was is not at hand, so the cell cannot be named.'
  if (!shape) return unnamed
  const now = arrowColumns(path)
  const { rows } = await inspectArrowFile(path)
  const gone = shape.columns.find(({ name }) => !now.some((column) => column.name === name))
  const added = now.find(({ name }) => !shape.columns.some((column) => column.name === name))
  const retyped = shape.columns.find(({ name, type }) => now.some((column) => column.name === name && column.type !== type))
  const said = [
    ...(gone ? [`The column "${gone.name}" is not there any more.`] : []),
    ...(added ? [`The column "${added.name}" is new.`] : []),
    ...(retyped ? [`The column "${retyped.name}" was ${retyped.type} and is ${now.find(({ name }) => name === retyped.name)?.type}.`] : []),
    ...(rows === shape.rows ? [] : [`It had ${countOf(shape.rows, 'row')} and has ${rows.toLocaleString('en')}.`])
  ]
  return said.length > 0 ? said.join(' ') : `It has the same ${countOf(rows, 'row')} and columns. ${unnamed}`
}

/** Which file belongs to which table: by its bytes, by its name, or because there is one of each. */
async function assignFiles(recorded: readonly RecordedTable[], files: readonly string[]): Promise<Map<Sha256, string>> {
  const given = new Map<Sha256, string>()
  for (const file of files) {
    const sha256 = await sha256File(file).catch(() => {
      throw new WorkbenchError('NOT_FOUND', `There is no file "${file}" that can be read. Check the path.`)
    })
    const stem = basename(file, extname(file)).toLowerCase()
    const table =
      recorded.find((each) => each.sha256 === sha256 || each.source?.sha256 === sha256) ??
      recorded.find((each) => each.source?.name.toLowerCase() === basename(file).toLowerCase()) ??
      recorded.find((each) => each.name.toLowerCase() === stem) ??
      (recorded.length === 1 && files.length === 1 ? recorded[0] : undefined)
    if (!table || given.has(table.sha256))
      throw new WorkbenchError(
        'INVALID_INPUT',
        `"${basename(file)}" belongs to no dataset of the run, or to one that another file was given for. It read ${recorded.map(({ name, source }) => `"${name}"${source ? ` (from ${source.name})` : ''}`).join(', ')}. Name each file as the one that was imported.`
      )
    given.set(table.sha256, file)
  }
  return given
}

/** The table that an import of the file gives with the choices of then; a file that is the table itself is taken as it is. */
async function importAgain(table: RecordedTable, file: string, folder: string, signal: AbortSignal | undefined): Promise<string> {
  if ((await sha256File(file)) === table.sha256) return file
  const kept = join(folder, `${randomUUID()}.arrow`)
  const { columns = [] } = table.choices
  await withStagedTable(
    folder,
    file,
    table.choices,
    (found) => found.map(({ source }) => columns.find((choice) => choice.source === source) ?? { source }),
    ({ file: staged }) => copyFile(staged, kept),
    { signal, asImported: true }
  )
  return kept
}
