import type { DatasetVersion } from '../../model/dataset'
import type { FindingExample, QualityFinding } from '../../model/quality'
import { quoteText } from '../../model/sql-quoting'
import type { MisfitCells } from '../datasets'
import { TABLE, type AnalysisColumn, type AnalysisTable } from './analysis-table'
import { countOf, createFinding, percent, rounded } from './finding'
import type { BinaryTarget } from './target'

/** What an import left out, lost or changed on the way into the table. */
export type ImportLosses = Pick<DatasetVersion, 'badRows' | 'rules' | 'misfits'> & {
  /** The cells with their rows; absent where the rows of the table are not those of the version any more. */
  cells?: MisfitCells
}

const AFFECTED = 'misfit_rows'
/** Standard errors from which a difference is more than chance, also among many columns. */
const CLEAR = 4

/** Findings about what the table lacks of the file it was made from, and how the rows with lost cells differ from the others. */
export async function checkImport(
  table: AnalysisTable,
  losses: ImportLosses | undefined,
  target: BinaryTarget | undefined
): Promise<QualityFinding[]> {
  if (!losses) return []
  return [...rowsLeftOut(table, losses.badRows), ...(await cellsLost(table, losses, target)), ...cellsAltered(table, losses)]
}

function rowsLeftOut(table: AnalysisTable, count: number): QualityFinding[] {
  if (count === 0) return []
  const share = count / (table.rows + count)
  return [
    createFinding({
      kind: 'rows-left-out',
      severity: share >= 0.05 ? 'error' : 'warning',
      columns: [],
      title: `${countOf(count, 'row')} of the file ${count === 1 ? 'is' : 'are'} not in the table`,
      what: `Their structure is broken: ${percent(share)} of the records of the file have too few or too many values, or a quote that does not close.`,
      meaning: 'What is counted and learned here says nothing about them, and rows seldom break by chance.',
      next: 'Look at the bad-row report, correct the source and import it again.',
      count,
      of: table.rows + count
    })
  ]
}

async function cellsLost(
  table: AnalysisTable,
  { misfits, cells }: ImportLosses,
  target: BinaryTarget | undefined
): Promise<QualityFinding[]> {
  if (!misfits || misfits.cells === 0) return []
  const different = cells && cells.row.length > 0 ? await difference(table, cells, target) : undefined
  const columns = misfits.columns.filter((c) => table.column(c.column))
  const finding = createFinding({
    kind: 'cells-lost',
    severity: misfits.rows >= table.rows * 0.01 ? 'warning' : 'info',
    columns: columns.map((c) => c.column),
    title: `${countOf(misfits.cells, 'cell')} of the file ${misfits.cells === 1 ? 'is' : 'are'} missing because ${misfits.cells === 1 ? 'it does' : 'they do'} not fit`,
    what: `They are in ${countOf(misfits.rows, 'row')} (${percent(table.rows > 0 ? misfits.rows / table.rows : 0)}) and ${countOf(misfits.columns.length, 'column')}, most in ${misfits.columns
      .slice(0, 3)
      .map((c) => `"${c.column}" (${c.cells.toLocaleString('en')}, ${c.reason})`)
      .join(', ')}.${different ? ` ${different.words}` : ''}`,
    meaning: different?.isClear
      ? 'The values are not missing by chance: leaving these rows out, or filling the gaps with an average, tilts every figure.'
      : 'A missing value says less than the text that stands in the file; a limit such as "<0.5" is a measurement.',
    next: 'Look at the texts of the cells, and choose a reading for them or correct the source.',
    count: misfits.cells,
    of: misfits.cells,
    examples: (cells?.row ?? []).slice(0, 10).map((row, i) => ({ row, value: `${cells!.columns[cells!.column[i]]}: ${cells!.text[i]}` })),
    evidence: {
      rows: misfits.rows,
      columns: Object.fromEntries(misfits.columns.slice(0, 200).map((c) => [c.column, c.cells])),
      ...(different && { difference: different.figures })
    }
  })
  return [{ ...finding, share: table.rows > 0 ? Math.min(1, misfits.rows / table.rows) : 0 }]
}

function cellsAltered(table: AnalysisTable, { rules = [] }: ImportLosses): QualityFinding[] {
  const changed = rules.filter((rule) => rule.column !== null)
  const count = changed.reduce((n, rule) => n + rule.cells, 0)
  if (count === 0) return []
  const columns = [...new Set(changed.map((rule) => rule.column!))]
  const isLossy = changed.some((rule) => rule.rule === 'rounded' || rule.rule === 'encoding')
  return [
    createFinding({
      kind: 'cells-altered',
      severity: isLossy ? 'warning' : 'info',
      columns: columns.filter((column) => table.column(column)),
      title: `${countOf(count, 'cell')} of ${countOf(columns.length, 'column')} ${count === 1 ? 'was' : 'were'} read by a rule`,
      what: changed
        .slice(0, 5)
        .map((rule) => rule.detail)
        .join(' '),
      meaning: 'The table holds what the rule made of the text, which is right only if the rule is right for the column.',
      next: 'Compare the examples with the file; each rule can be undone by a choice of the import.',
      count,
      of: Math.max(1, table.rows) * columns.length,
      examples: changed.slice(0, 10).flatMap(exampleOf),
      evidence: { rules: changed.slice(0, 200).map(({ column, rule, cells }) => ({ column, rule, cells })) }
    })
  ]
}

const exampleOf = ({ column, examples: [first] }: NonNullable<ImportLosses['rules']>[number]): FindingExample[] =>
  first
    ? [{ row: null, value: `line ${first.line}, ${column}: ${JSON.stringify(first.from)} is ${first.to === null ? 'missing' : first.to}` }]
    : []

interface Difference {
  words: string
  isClear: boolean
  figures: { column: string; among: number; others: number; standardErrors: number }
}

/** How the rows with lost cells differ: by the rate of the event if there is one, else in the column that differs most. */
async function difference(table: AnalysisTable, cells: MisfitCells, target: BinaryTarget | undefined): Promise<Difference | undefined> {
  await table.db.run(
    `CREATE OR REPLACE TABLE ${AFFECTED} AS SELECT DISTINCT unnest(from_json(${quoteText(JSON.stringify(cells.row))}, '["BIGINT"]')) - 1 AS id`,
    [],
    { signal: table.signal }
  )
  const candidates = target
    ? [{ column: target.column, value: `CASE WHEN ${target.column.id} IS NOT NULL THEN (${target.event})::INTEGER END` }]
    : table.columns.flatMap((column) => {
        const value = measured(column)
        return value && column.role !== 'ignored' ? [{ column, value }] : []
      })
  let most: Difference | undefined
  for (const { column, value } of candidates.slice(0, 500)) {
    const [[among, others, spreadAmong, spreadOthers, n, m]] = await table.query(
      `SELECT avg(v) FILTER (WHERE hit), avg(v) FILTER (WHERE NOT hit), var_pop(v) FILTER (WHERE hit), var_pop(v) FILTER (WHERE NOT hit), (count(v) FILTER (WHERE hit))::DOUBLE, (count(v) FILTER (WHERE NOT hit))::DOUBLE
       FROM (SELECT (${value})::DOUBLE AS v, ${AFFECTED}.id IS NOT NULL AS hit FROM ${TABLE} LEFT JOIN ${AFFECTED} ON ${AFFECTED}.id = ${TABLE}.rowid)`
    )
    if (among === null || others === null || Number(n) < 2 || Number(m) < 2) continue
    const error = Math.sqrt(Number(spreadAmong) / Number(n) + Number(spreadOthers) / Number(m))
    const gap = Math.abs(Number(among) - Number(others))
    if (!Number.isFinite(gap) || gap === 0) continue
    const standardErrors = error > 0 ? gap / error : 1e6
    if (most && standardErrors <= most.figures.standardErrors) continue
    const figures = {
      column: column.name,
      among: rounded(Number(among), 6),
      others: rounded(Number(others), 6),
      standardErrors: rounded(standardErrors)
    }
    most = { words: wordsOf(figures, column, target), isClear: standardErrors >= (target ? 3 : CLEAR), figures }
  }
  if (!most) return undefined
  return most.isClear ? most : { ...most, words: `${most.words} That can be chance.` }
}

function wordsOf({ column, among, others }: Difference['figures'], { kind }: AnalysisColumn, target: BinaryTarget | undefined): string {
  if (target) return `Among these rows ${percent(among)} are events of "${column}", among the others ${percent(others)}.`
  if (kind === 'text')
    return `They differ most in "${column}": ${percent(among)} hold its most frequent value, against ${percent(others)} of the others.`
  return `They differ most in "${column}": ${rounded(among)} on average, against ${rounded(others)} in the others.`
}

/** A column as a number whose averages can be compared. */
function measured({ id, type, isNumeric, isTime, role, kind }: AnalysisColumn): string | undefined {
  if (isNumeric) return /^(DOUBLE|FLOAT|REAL)/.test(type) ? `CASE WHEN isfinite(${id}) THEN ${id} END` : id
  if (isTime) return `epoch(${id}::TIMESTAMP)`
  if (kind === 'boolean') return `${id}::INTEGER`
  return kind === 'text' && role !== 'identifier' ? `(${id} = (SELECT mode(${id}) FROM ${TABLE}))::INTEGER` : undefined
}
