import { afterEach, describe, expect, it } from 'vitest'
import { renderWithHost, type RenderedScreen } from '../host/testing'
import { Markdown } from './markdown'
import { parseInline, parseMarkdown } from './markdown-blocks'

let screen: RenderedScreen | undefined
afterEach(async () => {
  await screen?.unmount()
  screen = undefined
})

describe('Markdown', () => {
  it('has headings, paragraphs over several lines, lists with code in them, tables and code', () => {
    const text =
      '# A\n\none\ntwo\n- x\n  y\n- z\n\n  ```sh\n  # no heading\n  ls\n  ```\n\nend\n\n| a | b |\n|---|---|\n| `1` | 2 \\| 3 |\n\n```\n| no table |\n```'
    expect(parseMarkdown(text)).toEqual([
      { kind: 'heading', level: 1, text: 'A' },
      { kind: 'paragraph', text: 'one two' },
      {
        kind: 'list',
        ordered: false,
        items: [
          [{ kind: 'paragraph', text: 'x y' }],
          [
            { kind: 'paragraph', text: 'z' },
            { kind: 'code', text: '# no heading\nls' }
          ]
        ]
      },
      { kind: 'paragraph', text: 'end' },
      { kind: 'table', header: ['a', 'b'], rows: [['`1`', '2 | 3']] },
      { kind: 'code', text: '| no table |' }
    ])
  })

  it('has code, strong text and links in a line, and leaves all else as it is', () => {
    expect(parseInline('a `*b*` **c** [d `e`](f.md) 2*3*4 <b>')).toEqual([
      { kind: 'text', text: 'a ' },
      { kind: 'code', text: '*b*' },
      { kind: 'text', text: ' ' },
      { kind: 'strong', parts: [{ kind: 'text', text: 'c' }] },
      { kind: 'text', text: ' ' },
      {
        kind: 'link',
        href: 'f.md',
        parts: [
          { kind: 'text', text: 'd ' },
          { kind: 'code', text: 'e' }
        ]
      },
      { kind: 'text', text: ' 2*3*4 <b>' }
    ])
  })

  it('ends for any text: what is open stays open', () => {
    for (const text of ['```', '|', '- ', '1. a\n   - b\n```\n', '#', '[a](', '**a', '`', '- - - a', '  x'])
      expect(Array.isArray(parseMarkdown(text)), text).toBe(true)
  })

  it('becomes elements and never HTML, and links only where the page says so', async () => {
    const text = '## H\n\n<img src=x onerror=alert(1)> [out](https://example.org) [bad](javascript:alert(1)) [in](a.md)'
    screen = await renderWithHost(<Markdown text={text} idOf={() => 'h'} hrefOf={(href) => (href === 'a.md' ? '#/a' : undefined)} />, {})
    expect(document.querySelector('img')).toBeNull()
    expect([...document.querySelectorAll('a')].map((link) => link.getAttribute('href'))).toEqual(['#/a'])
    expect(document.querySelector('h3')?.id).toBe('h')
    expect(screen.text()).toContain('<img src=x onerror=alert(1)>')
  })
})
