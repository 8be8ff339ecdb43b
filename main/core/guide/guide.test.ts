import { describe, expect, it } from 'vitest'
import { anchorOf, findGuidePage, FIRST_PAGE, parseGuidePage, searchGuide, topicOfLink } from '../../model/guide'
import { readGuide } from '.'

const pages = readGuide()
const headingsOf = (text: string): string[] =>
  [...text.replace(/^```[\s\S]*?^```/gm, '').matchAll(/^#+ (.+)$/gm)].map(([, heading]) => anchorOf(heading!))

describe('the guide that ships', () => {
  it('begins with the page that lists all others, each with a title and a sentence on what it is for', () => {
    expect(pages[0]!.topic).toBe(FIRST_PAGE)
    for (const { topic, title, summary } of pages) {
      expect(title, topic).not.toBe(topic)
      expect(summary, topic).toMatch(/^[A-Z`"].{20,}[.:]$/)
      if (topic !== FIRST_PAGE) expect(pages[0]!.text, topic).toContain(`](${topic}.md)`)
    }
    expect(new Set(pages.map(({ title }) => title)).size).toBe(pages.length)
  })

  it('has no link that leads nowhere, neither to a page nor to a part of one', () => {
    let count = 0
    for (const { topic, text } of pages)
      for (const [, href] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
        const to = topicOfLink(topic, href!)
        const page = pages.find((each) => each.topic === to?.topic)
        expect(page, `${topic}: ${href}`).toBeDefined()
        if (to!.anchor) expect(headingsOf(page!.text), `${topic}: ${href}`).toContain(to!.anchor)
        count++
      }
    expect(count).toBeGreaterThan(8)
  })

  it('is plain text without pictures, HTML or addresses of a network, and names no work on the program itself', () => {
    for (const { topic, text } of pages) {
      const said = text.replace(/^```[\s\S]*?^```/gm, '').replace(/`[^`]*`/g, '')
      expect(said, topic).not.toMatch(/!\[|<\/|<(a|b|br|div|img|p|script|table)\b|<!|https?:/)
      expect(said, topic).not.toMatch(/\b(issue|session|agent|TODO|worktree)\b/)
      // A page names no place of the machine that it was written on.
      expect(text, topic).not.toMatch(/(^|[\s"`(])\/(root|home|tmp|work)\//m)
    }
  })
})

const small = [
  parseGuidePage('index', '# Guide\n\nAll.\n\n- [Second](b.md)\n- [First](a.md)\n'),
  parseGuidePage('a', '# Write a policy\n\nRules and tests.\n\n## Tests\n\nEach test names `facts`.\n\n```\n## no heading\nsplit\n```\n'),
  parseGuidePage('ref/steps', '<!-- By hand: no. -->\n# Step types\n\nWhat steps take.\n\n## split: Split\n\nDivides rows\nby time.\n')
]

describe('a page', () => {
  it('has the title of its first heading, the paragraph behind it as summary, and no note for whoever edits it', () => {
    expect(small[2]).toMatchObject({ title: 'Step types', summary: 'What steps take.', text: expect.stringMatching(/^# Step types/) })
  })

  it('links to others from where it stands', () => {
    expect(topicOfLink('ref/steps', '../a.md#tests')).toEqual({ topic: 'a', anchor: 'tests' })
    expect(topicOfLink('ref/steps', 'facts.md')).toEqual({ topic: 'ref/facts', anchor: '' })
    expect(topicOfLink('a', '#tests')).toEqual({ topic: 'a', anchor: 'tests' })
    expect(topicOfLink('a', 'https://example.org/b.md')).toBeNull()
  })

  it('is found by its topic, by the last part of it, and with letters wrong by what was perhaps meant', () => {
    expect(findGuidePage(small, 'ref/steps')).toBe(small[2])
    expect(findGuidePage(small, 'Steps')).toBe(small[2])
    expect(findGuidePage(small, 'stpes')).toEqual(['ref/steps'])
    expect(findGuidePage(small, 'weather')).toEqual([])
  })
})

describe('a search', () => {
  it('finds where all words stand, a title before a heading before text, and says the heading', () => {
    expect(searchGuide(small, 'policy').map(({ topic, heading }) => [topic, heading])).toEqual([['a', null]])
    expect(searchGuide(small, 'policy tests facts')).toMatchObject([{ topic: 'a', heading: 'Tests', line: 'Each test names facts.' }])
    expect(searchGuide(small, 'split').map(({ topic, heading }) => [topic, heading])).toEqual([
      ['ref/steps', 'split: Split'],
      ['a', 'Tests']
    ])
    expect(
      searchGuide([parseGuidePage('c', '# C\n\nOne.\n\n- a line that is long enough before the word seed and goes on\n')], 'seed')
    ).toMatchObject([{ line: '\u2026 is long enough before the word seed and goes on' }])
    expect(searchGuide(small, 'split weather')).toEqual([])
    expect(searchGuide(small, ' ')).toEqual([])
  })
})
