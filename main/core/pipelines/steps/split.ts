import { z } from 'zod'
import { WorkbenchError } from '../../../model/errors'
import type { Database } from '../../../storage/duckdb/database'
import { defineStep, type StepContext } from '../define-step'
import { sqlName, sqlText } from './sql-text'

const parameters = z.strictObject({
  by: z
    .enum(['random', 'time', 'group'])
    .default('random')
    .meta({ title: 'Split', description: 'Random rows, the newest rows for the test, or whole groups.' }),
  test: z.number().gt(0).lt(1).default(0.2).meta({ title: 'Test share', description: 'Share of the rows kept for the test, 0..1.' }),
  validation: z
    .number()
    .min(0)
    .lt(1)
    .default(0)
    .meta({ title: 'Validation share', description: 'Share of the rows for validation, 0..1.' }),
  column: z.string().max(500).optional().meta({ title: 'Time or group column', description: 'Needed for a split by time or group.' }),
  stratify: z
    .string()
    .max(500)
    .optional()
    .meta({ title: 'Stratify by', description: 'Random split only: every part gets the same shares of this column.' }),
  seed: z
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .default(42)
    .meta({ title: 'Seed', description: 'Same seed, same split.' })
})
type Parameters = z.output<typeof parameters>
type Part = 'train' | 'validation' | 'test'

export const splitStep = defineStep({
  type: 'split',
  version: 1,
  title: 'Split',
  help: 'Divides rows into train, test and, if wanted, validation. Parts never share a row; by group they share no group; by time the test is later than all else.',
  icon: 'split',
  category: 'data',
  parameters,
  inputs: { table: { types: ['Table', 'FeatureSet'], help: 'The rows to divide.' } },
  outputs: {
    train: { type: 'Table', help: 'Rows to learn from.' },
    test: { type: 'Table', help: 'Rows to judge by.' },
    validation: { type: 'Table', optional: true, help: 'Rows to tune by.' },
    report: { type: 'Report', help: 'Sizes of the parts and the proof that they are apart.' }
  },
  outputsFor: (p) => ({
    train: { type: 'Table', help: 'Rows to learn from.' },
    test: { type: 'Table', help: 'Rows to judge by.' },
    ...(Number(p.validation ?? 0) > 0 && { validation: { type: 'Table' as const, help: 'Rows to tune by.' } }),
    report: { type: 'Report', help: 'Sizes of the parts and the proof that they are apart.' }
  }),
  check: (p) => [
    ...(p.by !== 'random' && !p.column ? [{ message: `A split by ${p.by} needs the column.`, parameter: 'column' }] : []),
    ...(p.by !== 'random' && p.stratify ? [{ message: 'Stratifying goes with a random split only.', parameter: 'stratify' }] : []),
    ...(p.test + p.validation >= 1 ? [{ message: 'Test and validation together leave no row to learn from.', parameter: 'test' }] : [])
  ],
  run
})

const ROW = '__drydock_row'

async function run(context: StepContext<Parameters>): Promise<void> {
  const { parameters: p, inputs, path, output, progress, signal } = context
  const db = await context.database()
  progress(0.05, 'Reading rows')
  await db.run(`CREATE TABLE source AS SELECT row_number() OVER () AS ${ROW}, * FROM read_arrow(${sqlText(inputs.table.path)})`, [], {
    signal
  })
  const columns = (await db.describe('SELECT * FROM source')).map((column) => column.name)
  for (const [role, name] of [
    ['column', p.column],
    ['stratify', p.stratify]
  ] as const)
    if (name !== undefined && !columns.includes(name))
      throw new WorkbenchError(
        'INVALID_INPUT',
        `The table has no column "${name}" (parameter "${role}"). It has: ${columns.slice(1, 40).join(', ')}.`,
        { details: { column: name } }
      )
  const total = await count(db, 'source')
  if (total < 2)
    throw new WorkbenchError('INVALID_INPUT', `The table has ${total} rows; a split needs at least two. Check the steps before it.`)
  progress(0.3, 'Dividing')
  await db.run(assignment(p, total), [], { signal })
  const parts: Part[] = p.validation > 0 ? ['train', 'validation', 'test'] : ['train', 'test']
  const report = await prove(db, p, parts, total)
  for (const [index, part] of parts.entries()) {
    progress(0.5 + (0.5 * index) / parts.length, `Writing ${part}`)
    const file = path(`${part}.arrow`)
    const { rows } = await db.exportArrow(
      `SELECT s.* EXCLUDE (${ROW}) FROM source s JOIN assigned a ON a.${ROW} = s.${ROW} WHERE a.part = '${part}' ORDER BY s.${ROW}`,
      file,
      { signal }
    )
    output(part, file, { rows })
  }
  await context.outputJson('report', report)
}

/** Shares are of rows; md5 of seed and row is the random order, because it is the same in every version and on every machine. */
function assignment(p: Parameters, total: number): string {
  const place = (rank: string, rows: string): string =>
    `CASE WHEN ${rank} <= round(${rows} * ${p.test}) THEN 'test' WHEN ${rank} <= round(${rows} * ${p.test}) + round(${rows} * ${p.validation}) THEN 'validation' ELSE 'train' END`
  if (p.by === 'random') {
    const over = p.stratify ? `PARTITION BY ${sqlName(p.stratify)}` : ''
    return `CREATE TABLE assigned AS SELECT ${ROW}, ${place('rank', 'rows')} AS part FROM (SELECT ${ROW}, row_number() OVER (${over} ORDER BY md5('${p.seed}:' || ${ROW})) AS rank, count(*) OVER (${over}) AS rows FROM source)`
  }
  const column = sqlName(p.column!)
  // Equal times and equal groups stay together: the whole set of peers goes where its first row goes.
  const order = p.by === 'time' ? 'value DESC' : `md5('${p.seed}:' || coalesce(CAST(value AS VARCHAR), '∅'))`
  return `CREATE TABLE assigned AS WITH sets AS (SELECT ${column} AS value, count(*) AS n FROM source GROUP BY 1),
    placed AS (SELECT value, ${place(`(sum(n) OVER (ORDER BY ${order} ROWS UNBOUNDED PRECEDING) - n + 1)`, String(total))} AS part FROM sets)
    SELECT s.${ROW}, p.part FROM source s JOIN placed p ON s.${column} IS NOT DISTINCT FROM p.value`
}

async function count(db: Database, from: string): Promise<number> {
  const [{ n }] = await db.all<{ n: number }>(`SELECT count(*) AS n FROM ${from}`)
  return Number(n)
}

/** Checks what the split promises, and says so in the report. Throws when a promise does not hold. */
async function prove(db: Database, p: Parameters, parts: Part[], total: number): Promise<Record<string, unknown>> {
  const joined = `source s JOIN assigned a ON a.${ROW} = s.${ROW}`
  const sizes = Object.fromEntries(
    await Promise.all(parts.map(async (part) => [part, await count(db, `assigned WHERE part = '${part}'`)] as const))
  )
  const repeated = await count(db, `(SELECT ${ROW} FROM assigned GROUP BY 1 HAVING count(*) > 1)`)
  if (Object.values(sizes).reduce((sum, n) => sum + n, 0) !== total || repeated > 0)
    throw new WorkbenchError(
      'INTERNAL',
      `The parts do not add up to the ${total} rows of the table. Nothing was kept; report this with the pipeline.`
    )
  const empty = parts.find((part) => sizes[part] === 0)
  if (empty)
    throw new WorkbenchError(
      'INVALID_INPUT',
      `The part "${empty}" is empty. ${p.by === 'group' ? `"${p.column}" has too few groups for these shares.` : p.by === 'time' ? `"${p.column}" has too few different times.` : 'The table is too small for these shares.'} Change the shares or the way of splitting.`,
      { details: { sizes } }
    )
  const report: Record<string, unknown> = {
    schema: 'drydock.split-report',
    version: 1,
    by: p.by,
    seed: p.seed,
    column: p.column ?? null,
    stratify: p.stratify ?? null,
    rows: total,
    parts: sizes,
    shares: Object.fromEntries(parts.map((part) => [part, sizes[part] / total])),
    sharedRows: 0
  }
  // Equal rows in two parts are no fault of the split, but they let a model be judged by what it has seen.
  report.equalRowsInTrainAndTest = await count(
    db,
    `(SELECT s.* EXCLUDE (${ROW}) FROM ${joined} WHERE a.part = 'test' INTERSECT SELECT s.* EXCLUDE (${ROW}) FROM ${joined} WHERE a.part = 'train')`
  )
  if (p.by === 'random') return report
  const column = `s.${sqlName(p.column!)}`
  const missing = await count(db, `source s WHERE ${column} IS NULL`)
  if (p.by === 'group') {
    report.sharedGroups = await count(db, `(SELECT ${column} FROM ${joined} GROUP BY 1 HAVING count(DISTINCT a.part) > 1)`)
    report.groups = await count(db, `(SELECT DISTINCT ${column} FROM source s)`)
    report.rowsWithoutGroup = missing
    if (report.sharedGroups !== 0)
      throw new WorkbenchError('INTERNAL', 'A group is in two parts. Nothing was kept; report this with the pipeline.')
    return report
  }
  if (missing > 0)
    throw new WorkbenchError(
      'INVALID_INPUT',
      `${missing} of ${total} rows have no value in "${p.column}", so it is not known whether they are earlier or later. Drop or fill them in a step before.`,
      { details: { missing } }
    )
  const ranges = await db.all<{ part: string; first: string; last: string }>(
    `SELECT a.part AS part, CAST(min(${column}) AS VARCHAR) AS first, CAST(max(${column}) AS VARCHAR) AS last FROM ${joined} GROUP BY 1`
  )
  report.ranges = Object.fromEntries(ranges.map(({ part, first, last }) => [part, { first, last }]))
  const overlap = await db.all<{ ok: boolean }>(
    `SELECT max(${column}) FILTER (a.part <> 'test') < min(${column}) FILTER (a.part = 'test') AS ok FROM ${joined}`
  )
  if (overlap[0].ok !== true)
    throw new WorkbenchError('INTERNAL', 'The test is not later than the rest. Nothing was kept; report this with the pipeline.')
  return report
}
