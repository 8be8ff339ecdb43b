import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The fonts of the window, for paper: the same page then looks the same on every machine. */
export interface EnclosedFonts {
  /** `@font-face` rules for the names that pages use; their files lie under `address`. */
  css: string
  /** Whether one of the fonts has the character. */
  has(codePoint: number): boolean
}

const names: Record<string, string> = { 'Inter Variable': 'Inter' }

/**
 * Reads the font rules of the built window. Without any, as in development, pages take fonts of the machine.
 * @param folder where the built window has its style sheets and fonts
 * @param address what the files are asked for under, with a slash at its end
 */
export function readEnclosedFonts(folder: string, address: string): EnclosedFonts {
  const rules = styleSheets(folder).flatMap((css) => css.match(/@font-face\{[^}]*\}/g) ?? [])
  const ranges = rules.flatMap(rangesOf)
  return {
    css: rules
      .map((rule) =>
        rule
          .replace(/font-family:\s*["']?([^;"']+)["']?/, (_, name: string) => `font-family:"${names[name.trim()] ?? name.trim()}"`)
          .replace(/url\((["']?)(?!data:)(?:[^)"']*\/)?([\w.-]+)\1\)/g, (_, _quote: string, file: string) => `url(${address}${file})`)
          // Paper does not wait: what is not there when it is printed would be drawn with another font.
          .replace(/font-display:\s*\w+/, 'font-display:block')
      )
      .join(''),
    has: (codePoint) => ranges.some(([first, last]) => codePoint >= first && codePoint <= last)
  }
}

function styleSheets(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.css'))
      .sort()
      .map((name) => readFileSync(join(folder, name), 'utf8'))
  } catch {
    return []
  }
}

/** `unicode-range:U+0-FF,U+131,U+1F??` as pairs of first and last; all of Unicode where a rule has none. */
function rangesOf(rule: string): [number, number][] {
  const [, list] = /unicode-range:\s*([^;}]+)/.exec(rule) ?? []
  if (list === undefined) return [[0, 0x10ffff]]
  return [...list.matchAll(/U\+([0-9A-F?]+)(?:-([0-9A-F]+))?/gi)].map(([, first, last]) => [
    parseInt(first.replaceAll('?', '0'), 16),
    parseInt(last ?? first.replaceAll('?', 'F'), 16)
  ])
}

/** Scripts that a reader is told about by name; the rest is `others`. */
const scripts = [
  'Arabic',
  'Armenian',
  'Bengali',
  'Cyrillic',
  'Devanagari',
  'Georgian',
  'Greek',
  'Han',
  'Hangul',
  'Hebrew',
  'Hiragana',
  'Katakana',
  'Latin',
  'Tamil',
  'Thai'
].map((name) => ({ name, is: new RegExp(`\\p{Script=${name}}`, 'u') }))

/** The scripts of letters in a text that the enclosed fonts lack, by name. */
export function foreignScripts(text: string, fonts: EnclosedFonts): string[] {
  const found = new Set<string>()
  for (const character of new Set(text)) {
    if (!/\p{L}/u.test(character) || fonts.has(character.codePointAt(0)!)) continue
    found.add(scripts.find(({ is }) => is.test(character))?.name ?? 'others')
  }
  return [...found].sort()
}
