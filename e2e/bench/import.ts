import { createReadStream, createWriteStream, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { openTestWorkspace } from '../../main/core/datasets/workspace.fixture'

const ROWS = Number(process.argv[2] ?? 1_000_000)
const ROUNDS = 3

/** A table of eight columns with quotes, gaps and every type, from a fixed linear congruential generator. */
async function writeCsv(path: string): Promise<void> {
  const out = createWriteStream(path)
  let state = 42
  const next = (n: number): number => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) % n
  out.write('id,when,city,amount,score,flag,note,code\n')
  let block = ''
  for (let i = 0; i < ROWS; i++) {
    const note = next(10) === 0 ? `"said ""${next(99)}"", then left"` : `note ${next(1e6)}`
    block += `${i},2024-0${next(9) + 1}-1${next(9)},city ${next(50)},${next(20) === 0 ? '' : next(1e6) / 100},${next(1000) / 1000},${next(2) === 0},${note},0${next(999)}\n`
    if (block.length > 1 << 16) {
      if (!out.write(block)) await once(out, 'drain')
      block = ''
    }
  }
  out.end(block)
  await once(out, 'finish')
}

const seconds = async (work: () => Promise<unknown>): Promise<number> => {
  const start = performance.now()
  await work()
  return (performance.now() - start) / 1000
}
const median = (values: number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'drydock-bench-'))
  const csv = join(folder, 'bench.csv')
  mkdirSync(join(folder, 'out'))
  await writeCsv(csv)
  for await (const _ of createReadStream(csv, { highWaterMark: 1 << 20 })) void _
  const ours: number[] = []
  const theirs: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const workspace = await openTestWorkspace()
    ours.push(await seconds(() => workspace.datasets.importFile(csv, { name: 'bench' })))
    const { rows, badRows } = workspace.datasets.get('bench').version
    if (rows !== ROWS || badRows !== 0) throw new Error(`imported ${rows} rows, ${badRows} bad`)
    await workspace.close()
    const instance = await DuckDBInstance.create(':memory:')
    const connection = await instance.connect()
    theirs.push(
      await seconds(() =>
        connection.run(`COPY (SELECT * FROM read_csv('${csv}')) TO '${join(folder, 'out', `${round}.parquet`)}' (FORMAT parquet)`)
      )
    )
    connection.closeSync()
    instance.closeSync()
  }
  const result = {
    rows: ROWS,
    megabytes: Math.round(statSync(csv).size / 1e5) / 10,
    importSeconds: median(ours),
    duckdbCopySeconds: median(theirs),
    ratio: median(ours) / median(theirs)
  }
  console.log(JSON.stringify(result, null, 2))
  rmSync(folder, { recursive: true, force: true })
}

void main()
