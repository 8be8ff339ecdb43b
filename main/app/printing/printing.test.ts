import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { html, htmlPage } from '../../core/reports'
import { parseHtml } from '../../testing/parse-html'
import { foreignScripts, readEnclosedFonts } from './enclosed-fonts'
import { finishedPdf } from './finished-pdf'
import { printablePage } from './printable-page'
import { sheetFooter, sheetHeader } from './sheet-edges'

const folder = mkdtempSync(join(tmpdir(), 'drydock-printing-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const hostile = '</style><script>alert(1)</script><details>$& "x" content="default-src \'none\'"'
const page = htmlPage({
  title: hostile,
  sections: [
    {
      id: 'one',
      title: 'One',
      body: html`<p>${hostile}</p>
        <details>
          <summary>More</summary>
          <p>Folded</p>
        </details>`
    }
  ]
})

describe('a page for paper', () => {
  it('may load fonts and nothing else, is unfolded, and what its texts say stays text', () => {
    const parsed = parseHtml(printablePage(page, '@font-face{font-family:"X";src:url(app://ui/print/fonts/x.woff2)}'))
    const policies = [...parsed.querySelectorAll('meta[http-equiv]')].map((meta) => meta.getAttribute('content'))
    expect(policies).toEqual(["default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; font-src 'self' data:"])
    expect([...parsed.querySelectorAll('details')].map((each) => each.hasAttribute('open'))).toEqual([true])
    expect(parsed.querySelectorAll('script').length).toBe(0)
    expect(parsed.querySelector('p')?.textContent).toBe(hostile)
    expect(parsed.head.querySelectorAll('style').length).toBe(2)
  })
  it('is refused where it is no page of ours, or one with two policies', () => {
    expect(() => printablePage('<html><head></head></html>', '')).toThrow(/no page of Drydock/)
    expect(() => printablePage(page + page, '')).toThrow(/no page of Drydock/)
  })
})

describe('the edges of a sheet', () => {
  it('hold titles, references and bands as text, and the numbers of the sheet', () => {
    const facts = { html: page, title: hostile, reference: hostile, band: hostile, sha256: 'ab'.repeat(32), at: '2026-01-02T03:04:05.000Z' }
    for (const edge of [sheetHeader(facts), sheetFooter(facts)]) {
      const parsed = parseHtml(edge)
      expect(parsed.querySelectorAll('script,details').length).toBe(0)
      expect(parsed.body.textContent).toContain(hostile)
    }
    const footer = parseHtml(sheetFooter(facts))
    expect(footer.body.textContent).toContain(`SHA-256 of the HTML page: ${'ab'.repeat(32)}`)
    expect(footer.querySelectorAll('.pageNumber, .totalPages').length).toBe(2)
  })
})

describe('enclosed fonts', () => {
  const rules = [
    '@font-face{font-family:Inter Variable;font-display:swap;src:url(./inter-latin-Abc_1.woff2)format("woff2");unicode-range:U+0-FF,U+131}',
    '@font-face{font-family:JetBrains Mono;font-display:swap;src:url(data:font/woff2;base64,AAAA)format("woff2");unicode-range:U+1F??}'
  ]
  writeFileSync(join(folder, 'index-1.css'), `a{b:c}${rules.join('')}p{}`)
  const fonts = readEnclosedFonts(folder, 'app://ui/print/fonts/')
  it('have the names that pages use, and addresses that are served', () => {
    expect(fonts.css).toContain('font-family:"Inter";font-display:block;src:url(app://ui/print/fonts/inter-latin-Abc_1.woff2)')
    expect(fonts.css).toContain('src:url(data:font/woff2;base64,AAAA)')
    expect(fonts.css).not.toContain('a{b:c}')
  })
  it('say of which letters they have none', () => {
    expect(foreignScripts('Größe \u1f00 123 \u2713', fonts)).toEqual([])
    expect(foreignScripts('東京 とう שלום سلام Ж 한', fonts)).toEqual(['Arabic', 'Cyrillic', 'Han', 'Hangul', 'Hebrew', 'Hiragana'])
  })
  it('are none where the window was not built, and then every letter is foreign', () => {
    const none = readEnclosedFonts(join(folder, 'nothing'), 'x/')
    expect([none.css, foreignScripts('a', none)]).toEqual(['', ['Latin']])
  })
})

describe('a finished PDF', () => {
  const objects = [
    "<</Creator (Mozilla/5.0 \\(X11\\))\n/Producer (Skia/PDF m114)\n/CreationDate (D:20261129212735+00'00')\n/ModDate (D:20261129212735+00'00')>>",
    '<</Type /Catalog\n/Pages 3 0 R>>',
    '<</Type /Pages\n/Count 0\n/Kids []>>'
  ]
  let printed = '%PDF-1.4\n'
  const places = objects.map((object, at) => {
    const place = printed.length
    printed += `${at + 1} 0 obj\n${object}\nendobj\n`
    return place
  })
  const table = printed.length
  printed += `xref\n0 4\n0000000000 65535 f \n${places.map((place) => `${String(place).padStart(10, '0')} 00000 n \n`).join('')}`
  printed += `trailer\n<</Size 4\n/Root 2 0 R\n/Info 1 0 R>>\nstartxref\n${table}\n%%EOF\n`
  const facts = { title: 'Größe (a)', reference: 'dataset:x@1', at: '2026-01-02T03:04:05.678Z', version: '9.9.9' }
  const finished = finishedPdf(Buffer.from(printed, 'latin1'), facts).toString('latin1')

  it('says title, subject, language and the date of the document, and each place of its last table holds what it says', () => {
    const xref = Number(/startxref\s+(\d+)\s+%%EOF\s*$/.exec(finished)![1])
    const entries = [...finished.slice(xref).matchAll(/^(\d+) 1\n(\d{10}) 00000 n $/gm)].map(([, number, place]) => [
      Number(number),
      Number(place)
    ])
    expect(entries.map(([number]) => number)).toEqual([1, 2])
    for (const [number, place] of entries) expect(finished.slice(place)).toMatch(new RegExp(`^${number} 0 obj\n<<`))
    expect(finished.slice(entries[0]![1])).toContain('/Title <FEFF0047007200F600DF00650020002800610029>')
    expect(finished.slice(entries[1]![1])).toContain('/Lang (en)')
    expect(finished.slice(xref)).toContain(`/Prev ${table} `)
    expect([...new Set(finished.match(/D:\d{14}/g))]).toEqual(['D:20260102030405'])
    expect(finished.slice(0, printed.length).replaceAll('20260102030405', '20261129212735')).toBe(printed)
  })
  it('is refused where the end is missing, or the form is another one', () => {
    expect(() => finishedPdf(Buffer.from(printed.slice(0, -20), 'latin1'), facts)).toThrow(/not whole/)
    expect(() => finishedPdf(Buffer.from(printed.replace('/Info 1 0 R', ''), 'latin1'), facts)).toThrow(/another form/)
  })
})
