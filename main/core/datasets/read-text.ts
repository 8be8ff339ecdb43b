import type { ImportChoices } from '../../model/dataset'
import { WorkbenchError } from '../../model/errors'
import { createBadRowCollector, type BadRowCollector } from './bad-rows'
import { copyText, HEAD, skippedLines, type CopiedText } from './copy-text'
import { parseRecords } from './dialect'
import { doubtsOf } from './doubtful-table'
import { assertChoicesMatch } from './misfits'
import type { SourceKind } from './source-format'
import type { ImportSession, SourceTable } from './source-table'
import { stageJson } from './stage-json'
import { stageDelimited, type StagedTable } from './stage-text'
import { repairCells } from './stray-bytes'
import { defaultNullTokens } from './text-values'
import { inferColumns } from './type-inference'

/** Stages a text file. Throws INVALID_INPUT for one of another encoding than was said, and for one with nothing in it. */
export async function readText(
  session: ImportSession,
  source: string,
  head: Buffer,
  kind: SourceKind,
  choices: ImportChoices
): Promise<SourceTable> {
  const { options, fileName, db } = session
  const bad = createBadRowCollector()
  const copied = await copyText(session, source, head, kind, choices.dialect ?? {}, bad)
  const { cleaner, dialect, isJson, preview } = copied
  if (cleaner.records === 0 && cleaner.headerRecord === undefined && bad.count === 0)
    throw new WorkbenchError(
      'INVALID_INPUT',
      dialect.skipLines > 0
        ? `"${fileName}" has no line of text behind the ${dialect.skipLines} that are skipped, so there is nothing to import. Nothing was changed. Skip fewer lines.`
        : `"${fileName}" has nothing but blank lines, so there is nothing to import. Nothing was changed. Choose another file.`
    )
  options.onProgress?.({ fraction: 0.4, message: 'Loading the rows' })
  const staged = await stage(session, copied, kind, bad)
  const repaired = copied.strayBytes > 0 ? await repairCells(db, staged, options.signal) : { notices: [], rules: [] }
  options.onProgress?.({ fraction: 0.55, message: 'Finding the types of the columns' })
  const known = choices.columns ?? []
  assertChoicesMatch(known, staged.sources)
  const inferred = await inferColumns(db, staged, {
    decimal: dialect.decimal,
    nullTokens: givenTokens(choices.nullTokens),
    choices: known,
    signal: options.signal
  })
  const isHeaderChosen = choices.dialect?.header !== undefined
  const doubts = isJson ? [] : doubtsOf(dialect, isHeaderChosen, staged.sources, inferred.samples[0]?.values ?? [], copied.head)
  const used = inferred.columns.filter((c) => !known.some((k) => k.source === c.source && k.drop))
  const complete = preview === undefined || session.size <= preview
  return {
    format: kind.format,
    dialect: isJson ? null : dialect,
    nullTokens: [...(choices.nullTokens ?? defaultNullTokens)],
    sha256: copied.sha256,
    size: copied.size,
    columns: used.map((c) => ({ ...c, importType: c.reading.type, missing: staged.rows - c.present + c.unparsed })),
    lineOf: staged.lineOf,
    rules: [...(isJson ? [] : skippedLines(copied)), ...repaired.rules, ...inferred.rules],
    offers: inferred.offers,
    badRows: bad,
    inspectedRows: staged.rows,
    records: staged.rows + bad.count,
    complete,
    rowEstimate: complete ? staged.rows : Math.round((staged.rows * session.size) / preview),
    notices: [...copied.notices, ...doubts, ...staged.notices, ...repaired.notices, ...inferred.notices]
  }
}

function stage(
  { db, fileName, size, options: { signal } }: ImportSession,
  copied: CopiedText,
  kind: SourceKind,
  bad: BadRowCollector
): Promise<StagedTable> {
  const { cleaner, file, dialect } = copied
  if (copied.isJson)
    return stageJson(db, { file, format: kind.format === 'json' ? 'json' : 'jsonl', fileName, lineOf: cleaner.lineOf }, bad, signal)
  return stageDelimited(db, file, cleaner, headerOf(copied, size <= HEAD), dialect, bad, signal)
}

/** A preview gives back the tokens that hold by default: only others are a choice of a person, and stand in texts too. */
const givenTokens = (tokens: readonly string[] | undefined): readonly string[] | undefined =>
  tokens && tokens.length === defaultNullTokens.length && tokens.every((token) => defaultNullTokens.includes(token)) ? undefined : tokens

function headerOf({ cleaner, dialect, head, commentHeader }: CopiedText, complete: boolean): string[] {
  if (dialect.header)
    return cleaner.headerRecord === undefined
      ? ['column_1']
      : (parseRecords(cleaner.headerRecord.replace(commentHeader ? /^#\s*/ : '', ''), dialect, 1, true)[0] ?? ['column_1'])
  const records = parseRecords(head.replace(/^\uFEFF/, ''), dialect, 1_000, complete).slice(dialect.skipLines)
  const widths = records.filter((r) => r.length > 1 || r[0] !== '').map((r) => r.length)
  const width = widths.sort((a, b) => a - b)[Math.floor(widths.length / 2)] ?? 1
  return Array.from({ length: width }, (_, i) => `column_${i + 1}`)
}
