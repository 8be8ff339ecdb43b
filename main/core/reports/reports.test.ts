import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseHtml } from '../../testing/parse-html'
import { createAxis } from './axis-scale'
import { escapeHtml } from './html'
import { badge, formatBytes, formatDuration, formatNumber, html, htmlFigure, htmlPage, htmlTable, relativeLink } from './index'
import { svgBarChart, svgHistogram, svgLineChart } from './index'

const hostile = '"><img src=x onerror=alert(1)><script>alert(2)</script>\u202egnp.exe\u0000\'`'

describe('escaping', () => {
  it('keeps every string as text, whatever it holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const page = parseHtml(`<p title="${escapeHtml(text)}">${escapeHtml(text)}</p>`)
        expect(page.body.children.length).toBe(1)
        expect(page.body.firstElementChild?.children.length).toBe(0)
        expect(page.body.firstElementChild?.attributes.length).toBe(1)
      }),
      { numRuns: 80 }
    )
  })

  it('shows characters that could deceive a reader as codes', () => {
    expect(escapeHtml('a\u202eb\u0000c\ud800')).toBe('a\\u202eb\\u0000c\ufffd')
  })

  it('escapes what is interpolated and keeps what was built', () => {
    expect(html`<b>${'<i>'}</b>${html`<u>${1}</u>`}${null}${false}${['a', html`<i></i>`]}`.text).toBe('<b>&lt;i&gt;</b><u>1</u>a<i></i>')
  })

  it('does not let a file name become a scheme or leave its folder by quoting', () => {
    expect(relativeLink('javascript:alert(1)')).toBe('./javascript%3Aalert(1)')
    expect(relativeLink('a b/"x".json')).toBe('./a%20b/%22x%22.json')
    expect(relativeLink('../evidence/evaluation.json')).toBe('../evidence/evaluation.json')
  })
})

describe('page', () => {
  const page = htmlPage({
    title: hostile,
    kind: 'Report',
    subtitle: hostile,
    band: 'DEMO',
    facts: [{ label: hostile, value: hostile, note: hostile }],
    sections: [
      {
        id: 'one',
        title: hostile,
        lead: hostile,
        body: htmlTable({ caption: hostile, columns: [{ title: hostile }, { title: 'n', align: 'number' }], rows: [[hostile, 1]] })
      },
      {
        id: 'two',
        title: 'Chart',
        body: htmlFigure({
          title: hostile,
          reading: hostile,
          chart: svgLineChart({
            title: hostile,
            description: hostile,
            x: { title: hostile },
            y: { title: hostile },
            series: [
              {
                name: hostile,
                points: [
                  [0, 0],
                  [1, Number.NaN],
                  [1, 1]
                ],
                intervals: [
                  [0, 0, 1],
                  [1, 0.5, 1]
                ]
              }
            ],
            reference: { name: hostile, from: [0, 0], to: [1, 1] }
          }),
          table: { columns: [{ title: 'x' }], rows: [[0]] }
        })
      }
    ],
    footer: badge('ok', hostile)
  })

  it('holds no script, no handler and nothing that is fetched', () => {
    const parsed = parseHtml(page)
    expect(parsed.querySelectorAll('script,img,link,iframe,object,embed,base,form,foreignObject').length).toBe(0)
    for (const element of parsed.querySelectorAll('*'))
      for (const attribute of element.attributes) {
        expect(attribute.name.startsWith('on')).toBe(false)
        if (['src', 'href', 'xlink:href'].includes(attribute.name)) expect(attribute.value).toMatch(/^(#|\.)/)
      }
    expect(page).not.toMatch(/url\(|@import/)
    expect(parsed.querySelector('meta[http-equiv]')?.getAttribute('content')).toContain("default-src 'none'")
    expect(parsed.querySelector('h1')?.textContent).toContain('<script>alert(2)</script>')
  })

  it('never draws a coordinate that is not a number', () => {
    expect(page).not.toMatch(/NaN|Infinity/)
  })
})

describe('charts', () => {
  it('draw bars, whiskers and bins where the axis says', () => {
    const bars = parseHtml(
      svgBarChart({
        title: 't',
        description: 'd',
        value: { title: 'v', minimum: 0, maximum: 1 },
        bars: [
          { label: 'a', value: 1, low: 0.5, high: 1 },
          { label: 'b', value: 0.5 }
        ]
      }).text
    )
    const widths = [...bars.querySelectorAll('rect')].map((rect) => Number(rect.getAttribute('width')))
    expect(widths[0]).toBeCloseTo((widths[1] ?? 0) * 2, 1)
    expect(bars.querySelectorAll('.whisker').length).toBe(1)
    const histogram = parseHtml(
      svgHistogram({
        title: 't',
        description: 'd',
        x: { title: 'x' },
        y: { title: 'y' },
        series: ['n', 'p'],
        bins: [
          { from: 0, to: 0.5, counts: [4, 2] },
          { from: 0.5, to: 1, counts: [0, 6] }
        ]
      }).text
    )
    const heights = [...histogram.querySelectorAll('rect')].map((rect) => Number(rect.getAttribute('height')))
    expect(heights).toHaveLength(3)
    expect(heights[0]! + heights[1]!).toBeCloseTo(heights[2]!, 1)
  })

  it('have finite axes for any numbers', () => {
    fc.assert(
      fc.property(fc.array(fc.double()), (values) => {
        const finite = values.filter((value) => Math.abs(value) < 1e150)
        const axis = createAxis(finite, 0, 100, { title: 'x' })
        expect(axis.maximum).toBeGreaterThan(axis.minimum)
        expect(axis.ticks.length).toBeLessThanOrEqual(20)
        for (const value of finite) {
          if (Number.isNaN(value)) continue
          expect(axis.at(value)).toBeGreaterThanOrEqual(0)
          expect(axis.at(value)).toBeLessThanOrEqual(100)
        }
      })
    )
  })
})

describe('numbers in words', () => {
  it('are short and exact', () => {
    expect(formatNumber(0.87123)).toBe('0.8712')
    expect(formatNumber(12345)).toBe('12,345')
    expect(formatNumber(1e-7)).toBe('1.00e-7')
    expect(formatNumber(null)).toBe('not measured')
    expect(formatBytes(1536)).toBe('1.5 KiB')
    expect(formatDuration(0.000048)).toBe('0.0480 ms')
    expect(formatDuration(192)).toBe('3 m 12 s')
  })
})
