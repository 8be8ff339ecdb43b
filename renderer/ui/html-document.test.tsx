import { describe, expect, it } from 'vitest'
import { toInertHtml } from './html-document'

const parse = (html: string) => new DOMParser().parseFromString(toInertHtml(html), 'text/html')

describe('an HTML document for display', () => {
  it('loses everything that runs, loads or leads away', () => {
    const page = parse(`<!doctype html><head><base href="http://x/"><meta http-equiv="refresh" content="0;url=http://x/">
      <link rel=stylesheet href="http://x/a.css"><script>alert(1)</script></head>
      <body onload="alert(2)"><a href="javascript:alert(3)" ping="http://x" target="_top">a</a><a href="other.html">b</a><a href="#c">c</a>
      <svg><a xlink:href="http://x/"><text>s</text></a><script>alert(4)</script></svg>
      <form action="http://x/"><input name=q></form><iframe srcdoc="<script>1</script>"></iframe><object data="x"></object></body>`)
    expect(page.querySelectorAll('script, iframe, form, object, base, link')).toHaveLength(0)
    expect([...page.querySelectorAll('meta[http-equiv]')].map((meta) => meta.getAttribute('http-equiv'))).toEqual([
      'Content-Security-Policy'
    ])
    expect([...page.querySelectorAll('a')].map((link) => link.getAttribute('href') ?? link.getAttribute('xlink:href'))).toEqual([
      null,
      null,
      '#c',
      null
    ])
    expect(page.body.outerHTML).not.toMatch(/ on\w+=|ping=|target=/)
  })

  it('puts its own content policy before anything else and keeps style and text', () => {
    const page = parse('<title>T</title><style>p{color:red}</style><p style="margin:0">text</p>')
    expect(page.head.firstElementChild?.getAttribute('content')).toContain("default-src 'none'")
    expect(page.querySelector('style')?.textContent).toBe('p{color:red}')
    expect(page.querySelector('p')?.outerHTML).toBe('<p style="margin:0">text</p>')
  })
})
