import { quoteName, quoteText } from '../../../../model/sql-quoting'
import type { Database } from '../../../../storage/duckdb/database'
import { isBeyondChance, MAX_ROWS_OF_KIND } from './shared-rows-chance'
import { comparable } from './shared-rows-values'

/** Arrow files: judged rows, and the tables that a model learned from. */
export interface ComparedTables {
  judged: string
  training: string[]
  /** The column with the outcome. */
  target: string
  /** The columns that the model reads. */
  inputs: string[]
}

/** How many judged rows the training had. */
export interface SharedRows {
  /** Equal in all columns. Null when there is no table to compare with, or when none is found and one shares no column. */
  shared: number | null
  /** Equal to the model, these among them; null where there are no more than chance explains. */
  alike: number | null
}

/** SQL terms that are the digest of a row in the table of judged rows and in one of the training. */
interface Digest {
  ours: string
  theirs: string
}

/** A training table and the digests by which its rows are found: over all common columns, and over what the model sees, if it has all of it. */
interface Training {
  from: string
  all: Digest
  seen?: Digest
  /** Columns that both have. */
  common: string[]
  digestOf(names: readonly string[]): Digest
}

type Types = Map<string, string>

const fromFile = (path: string): string => `read_arrow(${quoteText(path)})`

/** As `countSharedRows`, for any types and sizes. */
export async function countByQuery(db: Database, { judged, training, target, inputs }: ComparedTables): Promise<SharedRows> {
  const typesOf = async (path: string): Promise<Types> =>
    new Map((await db.describe(`SELECT * FROM ${fromFile(path)}`)).map(({ name, type }) => [name, type]))
  const ours = await typesOf(judged)
  const known = ours.has(target) ? comparable(quoteName(target), ours.get(target)!, ours.get(target)!, false)[0]! : 'true'
  const rows = `(FROM ${fromFile(judged)} WHERE ${known} IS NOT NULL)`
  const [found, alike]: string[][] = [[], []]
  let isWhole = training.length > 0
  for (const path of training) {
    const table = describeTraining(path, ours, await typesOf(path), target, inputs)
    if (!table) isWhole = false
    else {
      found.push(`${table.all.ours} IN (SELECT ${table.all.theirs} FROM ${table.from})`)
      const { seen } = table
      if (!seen || !(await meetBeyondChance(db, rows, table, seen))) continue
      alike.push(`${seen.ours} IN (SELECT ${seen.theirs} FROM ${table.from})`)
      const unmarked = table.digestOf(await withoutMarks(db, rows, table))
      found.push(`${unmarked.ours} IN (SELECT ${unmarked.theirs} FROM ${table.from})`)
    }
  }
  if (found.length === 0) return { shared: null, alike: null }
  const count = (conditions: string[]): string => `count(*) FILTER (${conditions.join(' OR ')})`
  const [all] = await db.all<{ shared: number | bigint; alike: number | bigint }>(
    `SELECT ${count(found)} AS shared, ${count([...found, ...alike])} AS alike FROM ${rows}`
  )
  const shared = Number(all.shared)
  return { shared: shared > 0 || isWhole ? shared : null, alike: alike.length > 0 ? Number(all.alike) : null }
}

/** Undefined where the tables share no column. */
function describeTraining(path: string, ours: Types, theirs: Types, target: string, inputs: readonly string[]): Training | undefined {
  const common = [...ours.keys()].filter((name) => theirs.has(name))
  if (common.length === 0) return undefined
  const digest = (names: readonly string[], isSeen: boolean): Digest => {
    const side = (types: Types, others: Types): string =>
      `hash(${names.flatMap((name) => comparable(quoteName(name), types.get(name)!, others.get(name)!, isSeen).flatMap((value) => [value, `(${value}) IS NULL`])).join(', ')})`
    return { ours: side(ours, theirs), theirs: side(theirs, ours) }
  }
  const seen = [...new Set([...inputs, target])]
  const hasAll = inputs.length > 0 && seen.every((name) => ours.has(name) && theirs.has(name))
  const isKnown = theirs.has(target) ? comparable(quoteName(target), theirs.get(target)!, theirs.get(target)!, false)[0]! : 'true'
  return {
    from: `(FROM ${fromFile(path)} WHERE ${isKnown} IS NOT NULL)`,
    all: digest(common, false),
    seen: hasAll ? digest(seen, true) : undefined,
    common,
    digestOf: (names) => digest(names, false)
  }
}

/** Columns that tell rows of a table apart: one value in all judged rows and one in all of the training (`part`, say) tells only the tables apart. */
async function withoutMarks(db: Database, rows: string, { from, common }: Training): Promise<string[]> {
  const isConstant = common.map((name, index) => {
    const column = quoteName(name)
    return `count(DISTINCT ${column}) + (count(*) > count(${column}))::INTEGER <= 1 AS c${index}`
  })
  const sides = await db.all<Record<string, boolean>>(
    `SELECT ${isConstant.join(', ')} FROM ${rows} UNION ALL SELECT ${isConstant.join(', ')} FROM ${from}`
  )
  const telling = common.filter((_, index) => !sides.every((side) => side[`c${index}`]))
  return telling.length > 0 ? telling : common
}

async function meetBeyondChance(db: Database, rows: string, { from, all }: Training, seen: Digest): Promise<boolean> {
  const [{ rows: different, fresh }, ...sizes] = await db.all<{ size: number; rows: number; fresh: number; kinds: number; met: number }>(
    `WITH theirs AS MATERIALIZED (SELECT DISTINCT ${all.theirs} AS id, ${seen.theirs} AS kind FROM ${from}),
       ours AS (SELECT DISTINCT ${all.ours} AS id, ${seen.ours} AS kind FROM ${rows}),
       fresh AS MATERIALIZED (FROM ours ANTI JOIN theirs USING (id)),
       kinds AS (SELECT kind, count(*) AS size FROM theirs GROUP BY kind),
       met AS (SELECT DISTINCT kind FROM fresh)
     SELECT size, (SELECT count(*) FROM theirs) AS rows, (SELECT count(*) FROM fresh) AS fresh,
       (SELECT count(*) FROM kinds k WHERE k.size = s.size) AS kinds,
       (SELECT count(*) FROM kinds k JOIN met USING (kind) WHERE k.size = s.size) AS met
     FROM range(0, ${MAX_ROWS_OF_KIND + 1}) s(size) ORDER BY size`
  )
  return isBeyondChance({
    rows: Number(different),
    fresh: Number(fresh),
    kinds: sizes.map(({ kinds }) => Number(kinds)),
    met: sizes.map(({ met }) => Number(met))
  })
}
