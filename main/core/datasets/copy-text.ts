import { join } from 'node:path'
import type { Dialect, Encoding, ImportRule, Notice } from '../../model/dataset'
import { WorkbenchError } from '../../model/errors'
import type { BadRowCollector } from './bad-rows'
import { copyCleanText, type CleanCopy } from './clean-copy'
import { detectDialect, type DetectedDialect } from './dialect'
import { guessLegacy } from './guess-encoding'
import { decodeHead, type SourceKind } from './source-format'
import { defaultDialect, type ImportSession } from './source-table'
import { isMostlyUtf8, WrongEncoding } from './text-decoder'

/** Bytes at the beginning of a file by which its kind and dialect are told. */
export const HEAD = 1 << 20

/** The private copy of a text file, and how the text is written. */
export interface CopiedText extends CleanCopy {
  /** Path of the copy. */
  file: string
  isJson: boolean
  dialect: Dialect
  /** The names of the columns stand in the last of several lines that begin with `#`. */
  commentHeader: boolean
  /** The beginning of the text. */
  head: string
  /** Bytes of a preview; undefined for the whole file. */
  preview: number | undefined
}

/** Copies a text file; `fixed` is what a person said of how it is written. Throws INVALID_INPUT for a file of another encoding than was said. */
export async function copyText(
  session: ImportSession,
  source: string,
  head: Buffer,
  kind: SourceKind,
  fixed: Partial<Dialect>,
  bad: BadRowCollector
): Promise<CopiedText> {
  const { options, fileName } = session
  const isJson = kind.format === 'jsonl' || kind.format === 'json'
  const file = join(session.input, 'source.txt')
  const preview = options.head !== undefined && kind.format !== 'json' ? options.head : undefined
  const copyAs = async (encoding: Encoding, isGuess: boolean): Promise<CopiedText> => {
    const text = decodeHead(head, encoding)
    const found = isJson ? undefined : detectDialect(text, session.size <= HEAD, fixed, kind.format === 'tsv')
    const { commentHeader = false, ...written }: Partial<DetectedDialect> & typeof defaultDialect = found ?? defaultDialect
    const dialect: Dialect = { ...written, encoding }
    const copied = await copyCleanText(source, file, isJson ? { encoding } : dialect, bad, {
      signal: options.signal,
      head: preview,
      whole: kind.format === 'json',
      onProgress: (fraction) => options.onProgress?.({ fraction: fraction * 0.35, message: 'Reading and checking the file' })
    })
    const notices = isGuess ? [...copied.notices, encodingNotice(encoding)] : copied.notices
    return { ...copied, notices, file, isJson, dialect, commentHeader, head: text, preview }
  }
  const [encoding, isGuess] = encodingOf(head, kind, fixed)
  try {
    return await copyAs(encoding, isGuess)
  } catch (error) {
    if (!(error instanceof WrongEncoding)) throw error
    if (fixed.encoding)
      throw new WorkbenchError(
        'INVALID_INPUT',
        `"${fileName}" is not UTF-8: byte ${error.offset} begins no character. Nothing was imported. Choose the encoding windows-1252.`,
        { cause: error }
      )
    bad.reset()
    return await copyAs(guessLegacy(head), true)
  }
}

function encodingOf(head: Buffer, kind: SourceKind, fixed: Partial<Dialect>): [Encoding, boolean] {
  if (fixed.encoding !== undefined) return [fixed.encoding, false]
  const { encoding = 'utf-8', encodingGuessed: isGuess = false } = kind
  if (!isGuess || encoding !== 'windows-1252') return [encoding, isGuess]
  return isMostlyUtf8(head) ? ['utf-8', false] : [guessLegacy(head), true]
}

/** Lines before the table are no cells of it, but nobody should miss them. */
export const skippedLines = ({ dialect: { skipLines }, head }: Pick<CopiedText, 'dialect' | 'head'>): ImportRule[] =>
  skipLines === 0
    ? []
    : [
        {
          column: null,
          rule: 'skipped-lines',
          cells: skipLines,
          examples: head
            .split(/\r\n|\r|\n/, Math.min(skipLines, 5))
            .map((line, i) => ({ line: i + 1, from: line.replace(/^\uFEFF/, '').slice(0, 80), to: null })),
          detail: `${skipLines === 1 ? 'The first line stands' : `The first ${skipLines} lines stand`} before the table and ${skipLines === 1 ? 'is' : 'are'} left out.`,
          choice: { dialect: { skipLines: 0 } }
        }
      ]

const meanings: Partial<Record<Encoding, string>> = {
  'windows-1252':
    'The file is not UTF-8; it is read as Windows-1252, which includes Latin-1. Look at letters with accents and at currency signs in the preview, and choose another encoding, such as windows-1250 for Polish or Czech, if they are wrong.',
  'windows-1251':
    'The file is not UTF-8, and its words are of letters beyond Latin; it is read as Windows-1251, Cyrillic. Look at the words in the preview, and choose another encoding, such as windows-1253 for Greek, if they are wrong.',
  'koi8-r':
    'The file is not UTF-8, and its words are of letters beyond Latin; it is read as KOI8-R, Cyrillic. Look at the words in the preview, and choose another encoding if they are wrong.',
  shift_jis:
    'The file is not UTF-8; by the pattern of its bytes it is Shift-JIS, Japanese. Look at the words in the preview, and choose another encoding, such as gb18030 or euc-kr, if they are wrong.'
}
const encodingNotice = (encoding: Encoding): Notice => ({
  severity: 'warning',
  title: `Read as ${encoding}`,
  detail:
    meanings[encoding] ??
    `The file has no byte order mark; by the pattern of its bytes it is ${encoding}. Choose another encoding if the preview looks wrong.`,
  column: null,
  line: null
})
