import { resolve, basename } from 'node:path'
import { countOf } from '../../model/count-of'
import type { ImportChoices, ImportPreview, Notice } from '../../model/dataset'
import { collectMisfits, misfitPage } from './misfits'
import { typedSelect, withSource } from './read-source'
import type { ReadOptions } from './source-table'
import { quoteName } from '../../model/sql-quoting'
import { kindOf } from './stage-columnar'
import { suggestMetadata, suggestName } from './suggestions'

const PREVIEW_BYTES = 4 << 20
const PREVIEW_ROWS = 50

/** What an import with these choices would do; reads at most 4 MiB of a text file and writes nothing. */
export function previewImport(temporaryRoot: string, path: string, choices: ImportChoices, options: ReadOptions): Promise<ImportPreview> {
  return withSource(temporaryRoot, path, choices, { ...options, head: PREVIEW_BYTES }, async (table, session) => {
    const chosen = new Map(choices.columns?.map((c) => [c.source, c]))
    const names = table.columns.map((c) => chosen.get(c.source)?.name ?? c.source)
    const positional = table.columns.map((_, i) => `v${i}`)
    const select = typedSelect(table, positional)
    const types = table.columns.length > 0 ? await session.db.describe(select) : []
    const asText = positional.map((p) => `left(${quoteName(p)}::VARCHAR, 300)`).join(', ')
    const { rows } = await session.db.query(`SELECT ${asText} FROM (${select}) LIMIT ${PREVIEW_ROWS}`, [], { signal: options.signal })
    const kinds = types.map((t) => kindOf(t.type))
    const suggested = suggestMetadata(names.map((name, i) => ({ name, kind: kinds[i] })))
    const report = table.badRows.report()
    const sources = table.columns.map((c) => c.source)
    const misfits = await collectMisfits(session.db, table, table.columns, (source) => names[sources.indexOf(source)], options.signal)
    const problems: Notice[] = [
      ...report.rows.slice(0, 20).map((r): Notice => ({
        severity: 'warning',
        title: 'Row does not parse',
        detail: `Line ${r.line}: ${r.reason}.`,
        column: r.column,
        line: r.line
      })),
      ...misfitPage(misfits, undefined, { limit: 20 }).misfits.map((m): Notice => ({
        severity: 'warning',
        title: 'Cell does not fit',
        detail: `Line ${m.line}: "${m.text.slice(0, 80)}" in "${m.column}" is ${m.reason}. It would be missing.`,
        column: m.column,
        line: m.line
      })),
      ...table.notices
    ]
    if (report.count > 0)
      problems.unshift({
        severity: report.count > table.records / 2 ? 'error' : 'warning',
        title: report.count === 1 ? '1 row does not parse' : `${countOf(report.count, 'row')} do not parse`,
        detail: `${report.count === 1 ? 'It' : 'They'} would be left out and stand in the list of misfits: ${report.reasons
          .slice(0, 3)
          .map((r) => `${r.reason} (${r.count})`)
          .join('; ')}. Change how the file is read to keep ${report.count === 1 ? 'it' : 'them'}.`,
        column: null,
        line: null
      })
    if (table.inspectedRows === 0 && report.count === 0)
      problems.unshift({
        severity: table.dialect ? 'error' : 'warning',
        title: 'No rows',
        detail: table.dialect
          ? 'All the file holds is one line, taken for the names of columns, so there is nothing to import. Check that it is the right file and was copied whole; if that line is data, say that the file has no header.'
          : 'The file has columns but no rows. The dataset would be empty.',
        column: null,
        line: null
      })
    return {
      path: resolve(path),
      fileName: basename(path),
      size: session.size,
      format: table.format,
      suggestedName: suggestName(path),
      dialect: table.dialect,
      nullTokens: table.nullTokens,
      columns: table.columns.map((c, i) => ({
        source: c.source,
        name: names[i],
        type: types[i].type,
        kind: kinds[i],
        importType: c.importType,
        examples: [...new Set(rows.map((r) => r[i]).filter((v): v is string => v !== null))].slice(0, 5),
        missing: c.missing,
        unparsed: c.unparsed,
        role: chosen.get(c.source)?.role ?? suggested[i].role,
        knownWhen: chosen.get(c.source)?.knownWhen ?? suggested[i].knownWhen
      })),
      rows: rows as (string | null)[][],
      inspectedRows: table.inspectedRows,
      complete: table.complete,
      rowEstimate: table.rowEstimate,
      problems,
      rules: table.rules,
      offers: table.offers,
      misfits: misfits.counts
    }
  })
}
