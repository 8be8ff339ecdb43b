/**
 * The Markdown that pages of the program are written in: headings, paragraphs, lists, code blocks, tables, and in a line code, strong
 * text, emphasis and links. Everything becomes elements of its own, never HTML, so a text cannot bring a script or a picture along.
 */
export type Block =
  | { kind: 'heading'; level: number; text: string }
  | { kind: 'paragraph'; text: string }
  | { kind: 'code'; text: string }
  | { kind: 'table'; header: string[]; rows: string[][] }
  | { kind: 'list'; ordered: boolean; items: Block[][] }

export type Inline =
  | { kind: 'text'; text: string }
  | { kind: 'code'; text: string }
  | { kind: 'strong'; parts: Inline[] }
  | { kind: 'emphasis'; parts: Inline[] }
  | { kind: 'link'; parts: Inline[]; href: string }

const marker = /^(-|\d+\.) +/
const cellsOf = (line: string): string[] =>
  line
    .replace(/^\|\s*|\s*\|\s*$/g, '')
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim().replaceAll('\\|', '|'))

/** Whether a line begins something other than the paragraph above it. */
const beginsBlock = (line: string): boolean => line === '' || /^(#{1,4} |```|\|)/.test(line) || marker.test(line)

/** The blocks of a text, in their order. */
export function parseMarkdown(text: string): Block[] {
  const lines = text.split('\n').map((line) => line.trimEnd())
  const blocks: Block[] = []
  let at = 0
  /** Lines from here on as long as they pass. */
  const take = (passes: (line: string) => boolean): string[] => {
    const from = at
    while (at < lines.length && passes(lines[at]!)) at++
    return lines.slice(from, at)
  }
  while (at < lines.length) {
    const line = lines[at]!
    const heading = /^(#{1,4}) (.+)$/.exec(line)
    if (line === '') at++
    else if (heading) {
      blocks.push({ kind: 'heading', level: heading[1]!.length, text: heading[2]! })
      at++
    } else if (line.startsWith('```')) {
      at++
      blocks.push({ kind: 'code', text: take((each) => !each.startsWith('```')).join('\n') })
      at++
    } else if (line.startsWith('|')) {
      const [header = [], , ...rows] = take((each) => each.startsWith('|')).map(cellsOf)
      blocks.push({ kind: 'table', header, rows })
    } else if (marker.test(line)) {
      const own = take((each) => each === '' || marker.test(each) || each.startsWith('  '))
      blocks.push({ kind: 'list', ordered: /^\d/.test(line), items: itemsOf(own).map((item) => parseMarkdown(item)) })
    } else {
      at++
      blocks.push({ kind: 'paragraph', text: [line, ...take((each) => !beginsBlock(each))].join(' ') })
    }
  }
  return blocks
}

/** The texts of the items of a list, each without its marker and the indent that goes with it. */
function itemsOf(lines: readonly string[]): string[] {
  const items: string[][] = []
  let indent = 0
  for (const line of lines) {
    const found = marker.exec(line)
    if (found) {
      indent = found[0].length
      items.push([line.slice(indent)])
    } else items.at(-1)?.push(line.slice(Math.min(indent, line.length - line.trimStart().length)))
  }
  return items.map((item) => item.join('\n'))
}

const inline = /`([^`]+)`|\*\*([^*]+)\*\*|(?<!\w)\*([^*\s][^*]*)\*(?!\w)|\[([^\]]+)\]\(([^)\s]+)\)/g

/** The parts of one line of text. */
export function parseInline(text: string): Inline[] {
  const parts: Inline[] = []
  let from = 0
  for (const found of text.matchAll(inline)) {
    const [whole, code, strong, emphasis, label, href] = found
    if (found.index > from) parts.push({ kind: 'text', text: text.slice(from, found.index) })
    if (code !== undefined) parts.push({ kind: 'code', text: code })
    else if (label !== undefined) parts.push({ kind: 'link', parts: parseInline(label), href: href! })
    else parts.push({ kind: strong === undefined ? 'emphasis' : 'strong', parts: parseInline((strong ?? emphasis)!) })
    from = found.index + whole.length
  }
  if (from < text.length) parts.push({ kind: 'text', text: text.slice(from) })
  return parts
}
