import { join } from 'node:path'
import type { Dialect, Encoding, ImportChoices, ImportRule, Notice } from '../../model/dataset'
import { WorkbenchError } from '../../model/errors'
import { createBadRowCollector } from './bad-rows'
import { assertChoicesMatch } from './misfits'
import { copyCleanText, type CleanCopy } from './clean-copy'
import { detectDialect, parseRecords, type DetectedDialect } from './dialect'
import { decodeHead, type SourceKind } from './source-format'
import { defaultDialect, type ImportSession, type SourceTable } from './source-table'
import { stageJson } from './stage-json'
import { stageDelimited } from './stage-text'
import { repairCells } from './stray-bytes'
import { isMostlyUtf8, WrongEncoding } from './text-decoder'
import { defaultNullTokens } from './text-values'
import { inferColumns } from './type-inference'

/** Bytes at the beginning of a file by which its kind and dialect are told. */
export const HEAD = 1 << 20

/** Stages a text file. Throws INVALID_INPUT for one of another encoding than was said, and for one with nothing in it. */
export async function readText(
  session: ImportSession,
  source: string,
  head: Buffer,
  kind: SourceKind,
  choices: ImportChoices
): Promise<SourceTable> {
  const { options, fileName } = session
  const complete = session.size <= HEAD
  const fixed = choices.dialect ?? {}
  let encoding: Encoding = fixed.encoding ?? kind.encoding ?? 'utf-8'
  let guessed = fixed.encoding === undefined && kind.encodingGuessed === true
  if (guessed && encoding === 'windows-1252' && isMostlyUtf8(head)) {
    encoding = 'utf-8'
    guessed = false
  }
  const isJson = kind.format === 'jsonl' || kind.format === 'json'
  const target = join(session.input, 'source.txt')
  const bad = createBadRowCollector()
  const preview = options.head !== undefined && kind.format !== 'json' ? options.head : undefined
  const text = decodeHead(head, encoding)
  const found = isJson ? undefined : detectDialect(text, complete, fixed, kind.format === 'tsv')
  const { commentHeader = false, ...written }: Partial<DetectedDialect> & typeof defaultDialect = found ?? defaultDialect
  let dialect: Dialect = { ...written, encoding }
  const copy = (): Promise<CleanCopy> =>
    copyCleanText(source, target, isJson ? { encoding } : dialect, bad, {
      signal: options.signal,
      head: preview,
      whole: kind.format === 'json',
      onProgress: (fraction) => options.onProgress?.({ fraction: fraction * 0.35, message: 'Reading and checking the file' })
    })
  let copied: CleanCopy
  try {
    copied = await copy()
  } catch (error) {
    if (!(error instanceof WrongEncoding)) throw error
    if (fixed.encoding)
      throw new WorkbenchError(
        'INVALID_INPUT',
        `"${fileName}" is not UTF-8: byte ${error.offset} begins no character. Nothing was imported. Choose the encoding windows-1252.`,
        { cause: error }
      )
    encoding = 'windows-1252'
    guessed = true
    dialect = { ...dialect, encoding }
    bad.reset()
    copied = await copy()
  }
  if (copied.cleaner.records === 0 && copied.cleaner.headerRecord === undefined && bad.count === 0)
    throw new WorkbenchError(
      'INVALID_INPUT',
      `"${fileName}" has nothing but blank lines, so there is nothing to import. Nothing was changed. Choose another file.`
    )
  const notices: Notice[] = [...copied.notices]
  if (guessed) notices.push(encodingNotice(encoding))
  const nullTokens = choices.nullTokens ?? defaultNullTokens
  options.onProgress?.({ fraction: 0.4, message: 'Loading the rows' })
  const staged = isJson
    ? await stageJson(
        session.db,
        { file: target, format: kind.format === 'json' ? 'json' : 'jsonl', fileName, lineOf: copied.cleaner.lineOf },
        bad,
        options.signal
      )
    : await stageDelimited(
        session.db,
        target,
        copied.cleaner,
        headerOf(copied, text, dialect, complete, commentHeader),
        dialect,
        bad,
        options.signal
      )
  notices.push(...staged.notices)
  const rules = isJson ? [] : skippedLines(dialect, text)
  if (copied.strayBytes > 0) {
    const repaired = await repairCells(session.db, staged, options.signal)
    notices.push(...repaired.notices)
    rules.push(...repaired.rules)
  }
  const records = staged.rows + bad.count
  options.onProgress?.({ fraction: 0.55, message: 'Finding the types of the columns' })
  const known = choices.columns ?? []
  assertChoicesMatch(known, staged.sources)
  const inferred = await inferColumns(session.db, staged, {
    decimal: dialect.decimal,
    nullTokens: givenTokens(choices.nullTokens),
    choices: known,
    signal: options.signal
  })
  notices.push(...inferred.notices)
  const used = inferred.columns.filter((c) => !known.some((k) => k.source === c.source && k.drop))
  return {
    format: kind.format,
    dialect: isJson ? null : dialect,
    nullTokens: [...nullTokens],
    sha256: copied.sha256,
    size: copied.size,
    columns: used.map((c) => ({ ...c, importType: c.reading.type, missing: staged.rows - c.present + c.unparsed })),
    lineOf: staged.lineOf,
    rules: [...rules, ...inferred.rules],
    offers: inferred.offers,
    badRows: bad,
    inspectedRows: staged.rows,
    records,
    complete: preview === undefined || session.size <= preview,
    rowEstimate: preview === undefined || session.size <= preview ? staged.rows : Math.round((staged.rows * session.size) / preview),
    notices
  }
}

/** A preview gives back the tokens that hold by default: only others are a choice of a person, and stand in texts too. */
const givenTokens = (tokens: readonly string[] | undefined): readonly string[] | undefined =>
  tokens && tokens.length === defaultNullTokens.length && tokens.every((token) => defaultNullTokens.includes(token)) ? undefined : tokens

/** Lines before the table are no cells of it, but nobody should miss them. */
const skippedLines = ({ skipLines }: Dialect, text: string): ImportRule[] =>
  skipLines === 0
    ? []
    : [
        {
          column: null,
          rule: 'skipped-lines',
          cells: skipLines,
          examples: text
            .split(/\r\n|\r|\n/, Math.min(skipLines, 5))
            .map((line, i) => ({ line: i + 1, from: line.replace(/^\uFEFF/, '').slice(0, 80), to: null })),
          detail: `${skipLines === 1 ? 'The first line stands' : `The first ${skipLines} lines stand`} before the table and ${skipLines === 1 ? 'is' : 'are'} left out.`,
          choice: { dialect: { skipLines: 0 } }
        }
      ]

const encodingNotice = (encoding: Encoding): Notice => ({
  severity: 'warning',
  title: `Read as ${encoding}`,
  detail:
    encoding === 'windows-1252'
      ? 'The file is not UTF-8; it is read as Windows-1252, which includes Latin-1. Look at letters with accents and at currency signs in the preview, and choose another encoding if they are wrong.'
      : `The file has no byte order mark; by the pattern of its bytes it is ${encoding}. Choose another encoding if the preview looks wrong.`,
  column: null,
  line: null
})

function headerOf(copied: CleanCopy, text: string, dialect: Dialect, complete: boolean, commentHeader: boolean): string[] {
  if (dialect.header)
    return copied.cleaner.headerRecord === undefined
      ? ['column_1']
      : (parseRecords(copied.cleaner.headerRecord.replace(commentHeader ? /^#\s*/ : '', ''), dialect, 1, true)[0] ?? ['column_1'])
  const records = parseRecords(text.replace(/^\uFEFF/, ''), dialect, 1_000, complete).slice(dialect.skipLines)
  const widths = records.filter((r) => r.length > 1 || r[0] !== '').map((r) => r.length)
  const width = widths.sort((a, b) => a - b)[Math.floor(widths.length / 2)] ?? 1
  return Array.from({ length: width }, (_, i) => `column_${i + 1}`)
}
