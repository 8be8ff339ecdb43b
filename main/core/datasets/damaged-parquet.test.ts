import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { WorkbenchError } from '../../model/errors'
import { rounds } from '../../testing/deep'
import { fileError } from './columnar-errors'
import { openTestWorkspace, type TestWorkspace } from './workspace.fixture'

let w: TestWorkspace
beforeAll(async () => {
  w = await openTestWorkspace()
})
afterAll(() => w.close())

const original = readFileSync(join(import.meta.dirname, 'fixtures', 'foreign', 'columns.parquet'))
/** What is wrong is the file, never something that the person did not touch. */
const blamesOthers = /SQL|memory|cache|database|LINE 1/
const failure = async (content: Uint8Array): Promise<WorkbenchError | undefined> => {
  try {
    await w.datasets.previewImport(w.source('damaged.parquet', content))
    return undefined
  } catch (error) {
    expect(error).toBeInstanceOf(WorkbenchError)
    return error as WorkbenchError
  }
}

it('a damaged Parquet file is called damaged, wherever the damage is', async () => {
  let seed = 4242
  const random = (limit: number): number => {
    seed ^= seed << 13
    seed >>>= 0
    seed ^= seed >>> 17
    seed ^= seed << 5
    seed >>>= 0
    return seed % limit
  }
  const counts = { read: 0, whole: 0, column: 0 }
  for (let mutant = 0; mutant < rounds(60, 1500); mutant++) {
    let bytes = Buffer.from(original)
    if (random(6) === 0) bytes = bytes.subarray(0, 4 + random(bytes.length - 4))
    else
      for (let change = random(4); change >= 0; change--) {
        const at = random(2) === 0 ? random(bytes.length) : bytes.length - 1 - random(2600)
        bytes[at] = random(2) === 0 ? (bytes[at] as number) ^ (1 << random(8)) : ([0, 255, 127, 128][random(4)] as number)
      }
    const error = await failure(bytes)
    if (!error) {
      counts.read++
      continue
    }
    expect({ mutant, code: error.code }).toEqual({ mutant, code: 'INVALID_INPUT' })
    expect(error.message).toMatch(/"damaged\.parquet"/)
    expect(error.message).toMatch(/Nothing was imported\. (Copy or export it again|Leave (it|them) out)/)
    expect(error.message).not.toMatch(blamesOthers)
    counts[error.message.startsWith('Column') ? 'column' : 'whole']++
  }
  expect(Object.values(counts).every((count) => count > 0)).toBe(true)
})

it('a column that is damaged is named and can be left out', async () => {
  // the pages of the columns lie one behind another from the start
  const bytes = Buffer.from(original)
  bytes.fill(0xff, 20, 60)
  const path = w.source('page.parquet', bytes)
  await expect(w.datasets.importFile(path, { name: 'page' })).rejects.toMatchObject({
    code: 'INVALID_INPUT',
    message: expect.stringMatching(/^Column "id" of "page.parquet" cannot be read: .*Leave it out to import the others/),
    details: { columns: ['id'], leaveOut: ['id'] }
  })
  const { version } = await w.datasets.importFile(path, { name: 'page', columns: [{ source: 'id', drop: true }] })
  expect([version.rows, version.columns[0].name]).toEqual([4, 'dur_s'])
})

it('what the engine says of memory, cache and SQL is not said of a file', () => {
  const engine = (code: 'OUT_OF_MEMORY' | 'STORAGE_CORRUPT' | 'INVALID_INPUT', text: string): WorkbenchError =>
    fileError(
      new WorkbenchError(code, 'The cache database is damaged. Correct the SQL.', { cause: new Error(text) }),
      'f.parquet',
      'parquet'
    ) as WorkbenchError
  for (const error of [
    engine('STORAGE_CORRUPT', 'Serialization Error: Failed to deserialize: corrupt data\nLINE 1: SELECT'),
    engine('OUT_OF_MEMORY', 'Out of Memory Error: failed to allocate data of size 17592186044416 bytes'),
    engine('INVALID_INPUT', 'Invalid Input Error: No magic bytes found')
  ]) {
    expect(error.code).toBe('INVALID_INPUT')
    expect(error.message).toMatch(/^"f\.parquet" cannot be read as Parquet: .*Copy or export it again\.$/)
    expect(error.message).not.toMatch(/SQL|cache|LINE/)
  }
  // true want of memory keeps its name, with a next step that helps
  expect(engine('OUT_OF_MEMORY', 'Out of Memory Error: could not allocate block of size 256.0 KiB (1.9 GiB/2.0 GiB used)')).toMatchObject({
    code: 'OUT_OF_MEMORY',
    message: expect.stringMatching(/Leave out columns/)
  })
  for (const code of ['CANCELLED', 'DISK_FULL'] as const) {
    const error = new WorkbenchError(code, 'as it was', { cause: new Error('x') })
    expect(fileError(error, 'f', 'arrow')).toBe(error)
  }
})
