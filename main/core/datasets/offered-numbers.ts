import type { ColumnChoice, ImportRule, ImportRuleName } from '../../model/dataset'
import { TOLERANCE } from './column-sample'
import { readings } from './text-values'
import { tryOut, type TriedColumn } from './try-reading'

const patterns = readings.filter((r) => r.type === 'number').map((r) => new RegExp(`^(?:${r.pattern})$`))

const negative = /^\s*(?:(\d[\d.,]*)\s?-|[(]\s*(\d[\d.,]*)\s*[)]|\u2212\s*(\d[\d.,]*))\s*$/

/** A reading of texts as numbers without what stands around them, by either decimal mark. */
export async function offeredNumbers(tried: TriedColumn, texts: readonly string[]): Promise<ImportRule[]> {
  const found = numberChoice(texts)
  for (const decimal of found ? (['.', ','] as const) : []) {
    const offer = await tryOut(tried, {
      choice: { ...found!.choice, type: 'number', decimal },
      taken: { type: 'number', decimal },
      rule: found!.rule
    })
    if (offer) return [offer]
  }
  return []
}

/** What stands around the numbers of a column, and the choice that leaves it away; the only unit is kept as that of the column. */
function numberChoice(texts: readonly string[]): { rule: ImportRuleName; choice: Omit<ColumnChoice, 'source'> } | undefined {
  const units = new Set<string>()
  const marks = new Set<string>()
  for (const text of texts) {
    const unit = /^\s*(\p{Sc}|[A-Z]{3})?\s*[+-]?\d[\d.,'’ \u00a0\u202f]*?\s*([^\d\s.,+<>≤≥-]{1,8})?\s*$/u.exec(text)
    // `1.#INF` and `1.#IND` are how some programs write what is no finite number.
    for (const part of [unit?.[1], unit?.[2]]) if (part && !part.startsWith('#')) units.add(part)
    const mark = /^[^\d]*\d{1,3}([ '’\u00a0\u202f])\d{3}(?!\d)/u.exec(text)
    if (mark) marks.add(mark[1])
    if (/^[^\d]*\d{1,2}(,\d\d)+,\d{3}(?!\d)/.test(text)) marks.add(',')
  }
  const hasMinus = texts.some((text) => negative.test(text))
  const hasLimit = texts.some((text) => /^\s*[<>≤≥]=?\s*[\d.,]+\s*$/.test(text))
  const strip = [...(units.size <= 2 ? units : []), ...marks]
  const choice = {
    ...(strip.length > 0 && { strip }),
    ...(units.size === 1 && { unit: [...units][0] }),
    ...(hasMinus && { trailingMinus: true }),
    ...(hasLimit && { detectionLimit: 'limit' as const })
  }
  if (Object.keys(choice).length === 0) return undefined
  // A person who sees a currency or a unit expects a number; "room 12" is a name.
  const bare = (text: string): string =>
    strip
      .reduce((rest, part) => rest.replaceAll(part, ''), text)
      .replace(/^\s*[<>≤≥]=?/u, '')
      .replace(negative, '$1$2$3')
      .replace(/-\s*$/, '')
      .trim()
  const fitting = texts.filter((text) => patterns.some((pattern) => pattern.test(bare(text)))).length
  if (fitting < texts.length * (1 - TOLERANCE)) return undefined
  return { rule: hasLimit ? 'detection-limit' : hasMinus ? 'trailing-minus' : 'strip', choice }
}
