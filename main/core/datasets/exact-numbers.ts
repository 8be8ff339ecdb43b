import type { Database } from '../../storage/duckdb/database'
import { isHeldByDouble } from '../numerics'
import type { ColumnCells } from './column-cells'
import { irregularCells, type StagedCells } from './column-survey'
import { bareNumberSql } from './text-values'

const PAGE = 50_000
/** Digits that the widest decimal of the engine holds. */
const MAX_DIGITS = 38

export interface LostDigits {
  /** Cells whose digits a 64-bit number does not hold. */
  cells: number
  examples: { id: number; text: string }[]
}

/** Looks at every long number of a column. */
export async function findLostDigits(
  db: Database,
  column: StagedCells,
  decimal: '.' | ',',
  regular: string | undefined,
  signal?: AbortSignal
): Promise<LostDigits> {
  const lost: LostDigits = { cells: 0, examples: [] }
  const bare = bareNumberSql('c', decimal)
  for (let after = -1; ;) {
    const { rows } = await db.query(
      `SELECT id::DOUBLE, left(b, 120) FROM (SELECT id, ${bare} AS b FROM ${irregularCells(column, regular)} WHERE id > ${after} AND strlen(c) > 15) WHERE regexp_full_match(b, '[+-]?[0-9]*[.]?[0-9]*') ORDER BY id LIMIT ${PAGE}`,
      [],
      { signal }
    )
    for (const [id, text] of rows) {
      if (isHeldByDouble(text as string)) continue
      lost.cells++
      if (lost.examples.length < 3) lost.examples.push({ id: Number(id), text: text as string })
    }
    if (rows.length < PAGE) return lost
    after = Number(rows.at(-1)![0])
  }
}

/** Digits in all and behind the point that hold every plain number of a column; undefined where no decimal does, or where one is written with an exponent. */
export async function decimalDigits(
  db: Database,
  { cell, raw, isToken }: Pick<ColumnCells, 'cell' | 'raw' | 'isToken'>,
  decimal: '.' | ',',
  signal?: AbortSignal
): Promise<{ digits: readonly [number, number]; hasFraction: boolean } | undefined> {
  const bare = bareNumberSql(cell, decimal)
  const plain = `regexp_full_match(b, '[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)')`
  const numeric = `regexp_full_match(b, '[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)[eE][+-]?[0-9]+|[+-]?[iI][nN][fF].*')`
  const [[whole, fraction, others]] = (
    await db.query(
      `SELECT max(strlen(ltrim(split_part(b, '.', 1), '+-0'))) FILTER (WHERE ${plain}), max(strlen(rtrim(split_part(b, '.', 2), '0'))) FILTER (WHERE ${plain}), (count(*) FILTER (WHERE ${numeric}))::DOUBLE
       FROM (SELECT ${bare} AS b FROM staged WHERE ${raw} IS NOT NULL AND NOT ${isToken})`,
      [],
      { signal }
    )
  ).rows
  const [before, behind] = [Number(whole ?? 0), Number(fraction ?? 0)]
  if (Number(others) > 0 || before + behind > MAX_DIGITS) return undefined
  return { digits: [Math.max(1, before + behind), behind], hasFraction: behind > 0 }
}
