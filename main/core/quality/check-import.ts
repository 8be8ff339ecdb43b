import type { FindingExample, QualityFinding, QualityReport } from '../../model/quality'
import { quoteText } from '../../model/sql-quoting'
import type { ImportRecord, MisfitCells } from '../datasets'
import { TABLE, type AnalysisColumn, type AnalysisTable } from './analysis-table'
import { countOf, createFinding, percent, rounded } from './finding'
import type { BinaryTarget } from './target'

/** What an import left out, lost or changed on the way into the table, or into one that the table is made from. */
export type ImportLosses = Omit<ImportRecord, 'misfitCells'> & {
  /** The cells with their rows; absent where the rows of the table are not those of the version any more. */
  cells?: MisfitCells
  /** Set for a table that is made from the version: what its columns became there; null where that cannot be told. */
  became?: Readonly<Record<string, readonly string[]>> | null
}

const AFFECTED = 'misfit_rows'
/** Standard errors from which a difference is more than chance, also among many columns. */
const CLEAR = 4

/** Findings about what the table lacks of the files it was made from, and how the rows with lost cells differ from the others. */
export async function checkImports(
  table: AnalysisTable,
  imports: readonly ImportLosses[],
  target: BinaryTarget | undefined
): Promise<QualityFinding[]> {
  const findings: (QualityFinding | undefined)[] = []
  for (const losses of imports) {
    const told = toldOf(table, losses)
    findings.push(rowsLeftOut(losses, told), await cellsLost(table, losses, told, target), cellsAltered(losses, told))
  }
  return findings.filter((finding) => finding !== undefined)
}

/** The figures of all imports behind a table; nothing where one of them is not known. */
export function importedFigures(imports: readonly ImportLosses[]): Pick<QualityReport, 'imported'> {
  if (imports.length === 0 || imports.some(({ misfits }) => misfits === undefined)) return {}
  const sum = (of: (losses: ImportLosses) => number): number => imports.reduce((n, losses) => n + of(losses), 0)
  return {
    imported: {
      rowsLeftOut: sum(({ badRows }) => badRows),
      cellsLost: sum(({ misfits }) => misfits!.cells),
      cellsAltered: sum(alteredCells),
      ...(imports.some(({ became }) => became !== undefined) && { from: imports.map(({ reference }) => reference) })
    }
  }
}

const alteredCells = ({ rules = [] }: ImportLosses): number => rules.reduce((n, { column, cells }) => n + (column === null ? 0 : cells), 0)

/** How an import is told of in the report of a table. */
interface Told {
  /** Whose file it is, where it is not the table's own. */
  of: string
  /** Says which import it is about, and where none of its columns is in the table. */
  about(columns: readonly string[]): string
  /** Tells the findings about several imports apart. */
  detail?: string
  /** What columns of the version are called in the table. */
  here(columns: readonly string[]): string[]
  /** True when the columns are not in the table, as far as that can be told. */
  isElsewhere(columns: readonly string[]): boolean
}

function toldOf(table: AnalysisTable, { name, reference, became }: ImportLosses): Told {
  const here = (columns: readonly string[]): string[] => [
    ...new Set(columns.flatMap((column) => (became ? (became[column] ?? []) : [column])).filter((column) => table.column(column)))
  ]
  if (became === undefined) return { of: '', about: () => '', here, isElsewhere: () => false }
  const isElsewhere = (columns: readonly string[]): boolean => became !== null && columns.length > 0 && here(columns).length === 0
  return {
    of: ` of "${name}"`,
    about: (columns) =>
      ` This is about the import of ${reference}, which the table is made from.${isElsewhere(columns) ? ' None of these columns is in the table.' : ''}`,
    detail: name,
    here,
    isElsewhere
  }
}

function rowsLeftOut({ badRows: count, rows }: ImportLosses, { of, about, detail }: Told): QualityFinding | undefined {
  if (count === 0) return undefined
  const share = count / (rows + count)
  return createFinding({
    kind: 'rows-left-out',
    severity: share >= 0.05 ? 'error' : 'warning',
    columns: [],
    title: `${countOf(count, 'row')} of the file${of} ${count === 1 ? 'is' : 'are'} not in the table`,
    what: `Their structure is broken: ${percent(share)} of the records of the file have too few or too many values, or a quote that does not close.${about([])}`,
    meaning: 'What is counted and learned here says nothing about them, and rows seldom break by chance.',
    next: 'Look at the bad-row report, correct the source and import it again.',
    count,
    of: rows + count,
    detail
  })
}

async function cellsLost(
  table: AnalysisTable,
  { misfits, cells, rows }: ImportLosses,
  { of, about, detail, here, isElsewhere }: Told,
  target: BinaryTarget | undefined
): Promise<QualityFinding | undefined> {
  if (!misfits || misfits.cells === 0) return undefined
  const different = cells && cells.row.length > 0 ? await difference(table, cells, target) : undefined
  const columns = misfits.columns.map(({ column }) => column)
  const share = rows > 0 ? Math.min(1, misfits.rows / rows) : 0
  const finding = createFinding({
    kind: 'cells-lost',
    severity: share >= 0.01 && !isElsewhere(columns) ? 'warning' : 'info',
    columns: here(columns),
    title: `${countOf(misfits.cells, 'cell')} of the file${of} ${misfits.cells === 1 ? 'is' : 'are'} missing because ${misfits.cells === 1 ? 'it does' : 'they do'} not fit`,
    what: `They are in ${countOf(misfits.rows, 'row')} (${percent(share)}) and ${countOf(columns.length, 'column')}, most in ${misfits.columns
      .slice(0, 3)
      .map((c) => `"${c.column}" (${c.cells.toLocaleString('en')}, ${c.reason})`)
      .join(', ')}.${different ? ` ${different.words}` : ''}${about(columns)}`,
    meaning: different?.isClear
      ? 'The values are not missing by chance: leaving these rows out, or filling the gaps with an average, tilts every figure.'
      : 'A missing value says less than the text that stands in the file; a limit such as "<0.5" is a measurement.',
    next: 'Look at the texts of the cells, and choose a reading for them or correct the source.',
    count: misfits.cells,
    of: misfits.cells,
    detail,
    examples: (cells?.row ?? []).slice(0, 10).map((row, i) => ({ row, value: `${cells!.columns[cells!.column[i]]}: ${cells!.text[i]}` })),
    evidence: {
      rows: misfits.rows,
      columns: Object.fromEntries(misfits.columns.slice(0, 200).map((c) => [c.column, c.cells])),
      ...(different && { difference: different.figures })
    }
  })
  return { ...finding, share }
}

function cellsAltered(losses: ImportLosses, { of, about, detail, here, isElsewhere }: Told): QualityFinding | undefined {
  const changed = (losses.rules ?? []).filter((rule) => rule.column !== null)
  const count = alteredCells(losses)
  if (count === 0) return undefined
  const columns = [...new Set(changed.map((rule) => rule.column!))]
  const isLossy = changed.some((rule) => rule.rule === 'rounded' || rule.rule === 'encoding')
  return createFinding({
    kind: 'cells-altered',
    severity: isLossy && !isElsewhere(columns) ? 'warning' : 'info',
    columns: here(columns),
    title: `${countOf(count, 'cell')} of ${countOf(columns.length, 'column')}${of} ${count === 1 ? 'was' : 'were'} read by a rule`,
    what: `${changed
      .slice(0, 5)
      .map((rule) => rule.detail)
      .join(' ')}${about(columns)}`,
    meaning: 'The table holds what the rule made of the text, which is right only if the rule is right for the column.',
    next: 'Compare the examples with the file; each rule can be undone by a choice of the import.',
    count,
    of: Math.max(1, losses.rows) * columns.length,
    detail,
    examples: changed.slice(0, 10).flatMap(exampleOf),
    evidence: { rules: changed.slice(0, 200).map(({ column, rule, cells }) => ({ column, rule, cells })) }
  })
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
