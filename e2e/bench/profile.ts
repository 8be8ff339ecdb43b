import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { kindOf } from '../../main/core/datasets'
import { checkQuality, loadAnalysisTable, profileTable } from '../../main/core/quality'
import type { DatasetColumn } from '../../main/model/dataset'
import { Sha256 } from '../../main/model/reference'
import { openDatabase, type Database } from '../../main/storage/duckdb/database'

/**
 * CPU time of a profile with all checks of 569 x 31 against describe and both correlations of pandas (only where PYTHON names an interpreter
 * that has it), and of a profile of a million rows against DuckDB's SUMMARIZE. One line of JSON for each. Run with tsx.
 */
const cpu = (): number => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}

/** The least CPU time of three rounds, in seconds. */
async function leastOf(work: () => Promise<unknown>): Promise<number> {
  let least = Infinity
  for (let round = 0; round < 3; round++) {
    const start = cpu()
    await work()
    least = Math.min(least, cpu() - start)
  }
  return least
}

const print = (name: string, value: number, peer: string, peerValue: number | null, bound: number): void =>
  console.log(
    JSON.stringify({
      name,
      value: Number(value.toFixed(3)),
      unit: 'CPU s',
      peer,
      peerValue: peerValue === null ? null : Number(peerValue.toFixed(3)),
      ratio: peerValue === null ? null : Number((value / peerValue).toFixed(2)),
      bound,
      holds: peerValue === null ? null : value <= bound * peerValue
    })
  )

async function columnsOf(db: Database, path: string, target?: string): Promise<DatasetColumn[]> {
  return (await db.describe(`SELECT * FROM read_arrow('${path}')`)).map(({ name, type }) => ({
    name,
    type,
    kind: kindOf(type),
    role: name === target ? 'target' : 'feature',
    knownWhen: 'before',
    unit: null,
    description: null
  }))
}

/** 569 rows of 30 numbers in ten groups of three that hang together, and an outcome. */
const wide = `SELECT ${Array.from({ length: 30 }, (_, i) => `round(10 + ${i % 10} + sin(r * ${(i % 10) + 1}.7) * 3 + cos(r * ${i + 1}.3) * ${1 + Math.floor(i / 10)}, 4) AS v${i}`).join(', ')},
  CASE WHEN sin(r * 1.7) > 0.3 THEN 'malignant' ELSE 'benign' END AS target FROM range(569) t(r)`
const long = `SELECT ${Array.from({ length: 14 }, (_, i) => `(hash(r * 31 + ${i}) % 1000003)${i % 2 ? ' / 7.0' : ''}::${i % 2 ? 'DOUBLE' : 'BIGINT'} AS n${i}`).join(', ')},
  ${[5, 20, 300, 5000].map((many, i) => `'kind ' || (hash(r * 37 + ${i}) % ${many}) AS t${i}`).join(', ')},
  TIMESTAMP '2020-01-01' + to_seconds((hash(r) % 100000000)::BIGINT) AS d, hash(r) % 3 = 0 AS b FROM range(1000000) t(r)`

const pandas = (csv: string): number | null => {
  const python = process.env.PYTHON
  if (!python) return null
  const code = `import sys, time, pandas as pd
d = pd.read_csv(sys.argv[1])
n = d.select_dtypes('number')
times = []
for _ in range(4):
    t = time.process_time(); d.describe(); n.corr(); n.corr('spearman'); times.append(time.process_time() - t)
print(min(times))`
  const { stdout, status } = spawnSync(python, ['-c', code, csv], { encoding: 'utf8' })
  return status === 0 ? Number(stdout) : null
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-profile-'))
  const db = await openDatabase({ readDirectories: [folder] })
  try {
    const [small, large] = [resolve(folder, 'small.arrow'), resolve(folder, 'large.arrow')]
    await db.exportArrow(wide, small)
    await db.exportArrow(long, large)
    const csv = join(folder, 'small.csv')
    const { columns, rows } = await db.query(wide)
    writeFileSync(csv, [columns.map(({ name }) => name), ...rows].map((row) => `${row.join(',')}\n`).join(''))
    const described = await columnsOf(db, small, 'target')
    const value = await leastOf(async () => {
      const table = await loadAnalysisTable(db, small, described)
      await checkQuality(table, await profileTable(table), { subject: 'bench', sha256: Sha256.parse('0'.repeat(64)), now: new Date() })
    })
    print('profile and checks of 569 x 31', value, 'pandas describe and both correlations', pandas(csv), 10)
    const table = await loadAnalysisTable(db, large, await columnsOf(db, large))
    const profile = await leastOf(async () =>
      profileTable({ ...table, numbers: (await loadAnalysisTable(db, large, table.columns)).numbers })
    )
    print('profile of 1,000,000 x 20', profile, 'SUMMARIZE', await leastOf(() => db.query('SUMMARIZE subject')), 3)
  } finally {
    await db.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

main().catch((error: unknown) => {
  console.error(error)
  process.exitCode = 1
})
