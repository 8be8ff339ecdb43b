import { editDistance } from './near-names'

/** A page of the guide that ships with the program, as Markdown. */
export interface GuidePage {
  /** What it is asked for by: its path without the ending, such as `tutorial` or `reference/steps`. */
  topic: string
  title: string
  /** Its first paragraph: what it is for. */
  summary: string
  text: string
}

/** The page that lists the others, in the order in which they are read. */
export const FIRST_PAGE = 'index'

const plain = (text: string): string => text.replace(/[`*]/g, '').replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')

/** Reads a page: its first heading is the title, the paragraph behind that the summary. */
export function parseGuidePage(topic: string, source: string): GuidePage {
  // A note for whoever edits the file is none for its readers.
  const text = source.replace(/^<!--[^>]*-->\n/, '')
  const [, title = topic] = /^# (.+)$/m.exec(text) ?? []
  const [, summary = ''] = /^# .+\n\n((?:[^\n#].*\n?)+)/m.exec(text) ?? []
  return { topic, title: plain(title), summary: plain(summary.trim().replace(/\s*\n\s*/g, ' ')), text }
}

/** The topic that a link of a page leads to, and the part of it; null for a link to somewhere else. */
export function topicOfLink(from: string, href: string): { topic: string; anchor: string } | null {
  const [, path, anchor = ''] = /^([\w./-]*?)(?:#([\w-]+))?$/.exec(href) ?? []
  if (path === undefined || (path !== '' && !path.endsWith('.md'))) return null
  if (path === '') return { topic: from, anchor }
  const parts = from.split('/').slice(0, -1)
  for (const part of path.replace(/\.md$/, '').split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '.') parts.push(part)
  }
  return { topic: parts.join('/'), anchor }
}

/** The name of a heading in an address. */
export const anchorOf = (heading: string): string =>
  plain(heading)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')

/** The pages in the order in which the first one links to them; what it does not link to comes last, by topic. */
export function orderPages(pages: readonly GuidePage[]): GuidePage[] {
  const first = pages.find(({ topic }) => topic === FIRST_PAGE)
  const order = [...(first?.text ?? '').matchAll(/\]\(([^)]+)\)/g)].map(([, href]) => topicOfLink(FIRST_PAGE, href)?.topic)
  const place = ({ topic }: GuidePage): number => (topic === FIRST_PAGE ? -1 : (order.indexOf(topic) + 1 || order.length + 1) - 1)
  return [...pages].sort((a, b) => place(a) - place(b) || (a.topic < b.topic ? -1 : 1))
}

/** A place of the guide that holds what was looked for. */
export interface GuideFind {
  topic: string
  title: string
  /** The heading it stands under; null at the top of the page. */
  heading: string | null
  /** The text around the first word that was found. */
  line: string
  score: number
}

interface GuidePart {
  heading: string | null
  lines: string[]
}

/** A page by its headings; what looks like one within a block of code is none. */
function partsOf({ text }: GuidePage): GuidePart[] {
  const parts: GuidePart[] = [{ heading: null, lines: [] }]
  let isCode = false
  for (const line of text.split('\n')) {
    if (line.startsWith('```')) isCode = !isCode
    const [, heading] = isCode ? [] : (/^##+ (.+)$/.exec(line) ?? [])
    if (heading !== undefined) parts.push({ heading: plain(heading), lines: [] })
    else if (!/^(```|\|[-: |]+\|$)/.test(line)) parts.at(-1)!.lines.push(plain(line).trim())
  }
  return parts
}

const BEFORE = 30

/** The first line with one of the words, from shortly before it on, without the mark of a list; else the first line there is. */
function textAround(lines: readonly string[], words: readonly string[]): string {
  const readable = lines.map((line) => line.replace(/^(- |\d+\. |\| )/, ''))
  for (const line of readable) {
    const at = words.map((word) => line.toLowerCase().indexOf(word)).find((place) => place >= 0)
    if (at === undefined) continue
    const start = at <= BEFORE ? 0 : line.lastIndexOf(' ', at - BEFORE) + 1
    return start === 0 ? line : `\u2026 ${line.slice(start)}`
  }
  return readable.find(Boolean) ?? ''
}

/** Places where every word stands, a title before a heading before text; at most one for each heading. */
export function searchGuide(pages: readonly GuidePage[], query: string): GuideFind[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return []
  const found = pages.flatMap((page) =>
    partsOf(page).flatMap(({ heading, lines }) => {
      const [title, above, text] = [page.title, heading ?? '', lines.join('\n')].map((each) => each.toLowerCase())
      if (!words.every((word) => title.includes(word) || above.includes(word) || text.includes(word))) return []
      // A page whose title says it all is found once, by its top.
      if (heading !== null && words.every((word) => title.includes(word))) return []
      const score = words.reduce((sum, word) => sum + (title.includes(word) ? 4 : 0) + (above.includes(word) ? 2 : 0), 0)
      return [{ topic: page.topic, title: page.title, heading, line: textAround(lines, words), score }]
    })
  )
  return found.sort((a, b) => b.score - a.score)
}

/** The page of a topic, which may be told by the last part of its name; else the topics that were perhaps meant, the nearest first. */
export function findGuidePage(pages: readonly GuidePage[], asked: string): GuidePage | string[] {
  const name = asked.trim().toLowerCase().replace(/\.md$/, '')
  const last = (topic: string): string => topic.split('/').at(-1)!
  const page = pages.find(({ topic }) => topic === name) ?? pages.find(({ topic }) => last(topic) === name)
  if (page) return page
  const away = (topic: string): number =>
    last(topic).startsWith(name) || last(topic).includes(name) ? 0.5 : Math.min(editDistance(topic, name), editDistance(last(topic), name))
  return pages
    .map(({ topic }) => ({ topic, distance: away(topic) }))
    .filter(({ distance }) => distance <= Math.max(2, name.length / 3))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 3)
    .map(({ topic }) => topic)
}
