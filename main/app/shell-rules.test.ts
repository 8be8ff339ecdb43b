import fc from 'fast-check'
import { resolve, sep } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseArguments } from './command-line'
import { fileOfPage } from './page-files'
import { contentSecurityPolicy, isAllowedPage, isAllowedRequest } from './page-rules'
import { fitPlacement, readPlacement } from './window-placement'

describe('files of the page', () => {
  const root = resolve('/srv/page')

  it('maps addresses and routes', () => {
    expect(fileOfPage(root, 'app://ui/assets/a.js')).toBe(resolve(root, 'assets/a.js'))
    expect(fileOfPage(root, 'app://ui/')).toBe(resolve(root, 'index.html'))
    expect(fileOfPage(root, 'app://ui/pipelines/7?x=1#y')).toBe(resolve(root, 'index.html'))
    expect(fileOfPage(root, 'app://ui/with%20space.js')).toBe(resolve(root, 'with space.js'))
  })

  it('never leaves its folder, whatever the address', () => {
    const piece = fc.oneof(
      fc.constantFrom('..', '%2e%2e', '..%2f', '%5c', '\\', '/', '//', '.', '%00', 'page-evil', '%zz', 'a.js'),
      fc.string({ maxLength: 6 })
    )
    const base = fc.constantFrom('app://ui/', 'app://ui', 'app://other/', 'file:///', 'http://ui/', '')
    fc.assert(
      fc.property(base, fc.array(piece, { maxLength: 8 }), (start, pieces) => {
        const file = fileOfPage(root, start + pieces.join('/'))
        expect(file === undefined || file.startsWith(root + sep)).toBe(true)
      }),
      { numRuns: 2000 }
    )
    for (const url of [
      'app://ui/..%2f..%2fetc/passwd.js',
      'app://ui/..%2fpage-evil/x.js',
      'app://evil/index.html',
      'file:///srv/page/a.js',
      'app://ui/%00.js'
    ])
      expect(fileOfPage(root, url), url).toBeUndefined()
  })
})

describe('the rules of the page', () => {
  it('lets scripts come from the page alone: only styles may stand inline, and nothing comes from elsewhere', () => {
    const directives = contentSecurityPolicy.split('; ').map((directive) => directive.split(' '))
    const allowed = new Map(directives.map(([name, ...sources]) => [name, sources]))
    expect(allowed.size).toBe(directives.length)
    for (const name of ['default-src', 'object-src', 'base-uri', 'form-action', 'frame-ancestors'])
      expect(allowed.get(name)).toEqual(["'none'"])
    for (const name of ['script-src', 'connect-src']) expect(allowed.get(name)).toEqual(["'self'"])
    allowed.delete('style-src')
    for (const [name, sources] of allowed)
      for (const source of sources) expect(["'none'", "'self'", 'data:', 'blob:'], `${name} ${source}`).toContain(source)
  })

  it('takes no other origin for the page, however alike it looks', () => {
    const server = 'http://localhost:5173'
    for (const url of ['app://ui/', 'app://ui/index.html', 'app://ui/pipelines/7?x=1'])
      expect(isAllowedPage(url, undefined), url).toBe(true)
    expect(isAllowedPage(`${server}/index.html`, server)).toBe(true)
    for (const url of [
      'app://ui',
      'app://ui.evil/',
      'app://ui.evil/index.html',
      'app://uiother/index.html',
      'app://ui@evil/',
      'app://ui:81/',
      'app://other/',
      'file:///app://ui/',
      `${server}/index.html`,
      'data:text/html,app://ui/',
      'about:blank',
      ''
    ])
      expect(isAllowedPage(url, undefined), url).toBe(false)
    for (const url of [
      'http://localhost:5174/',
      'http://localhost.evil:5173/',
      'http://localhost:5173@evil/',
      'https://evil/',
      'blob:x',
      'not a url'
    ])
      expect(isAllowedPage(url, server), url).toBe(false)
  })

  it('makes no request beyond the page, and to the development server only where there is one', () => {
    const server = 'http://localhost:5173'
    for (const url of ['app://ui/a.js', 'devtools://devtools/x', 'blob:app://ui/1', 'data:,x'])
      expect(isAllowedRequest(url, undefined), url).toBe(true)
    for (const url of ['http://localhost:5173/a.js', 'ws://localhost:5173/']) {
      expect(isAllowedRequest(url, server), url).toBe(true)
      expect(isAllowedRequest(url, undefined), url).toBe(false)
    }
    for (const url of ['http://127.0.0.1:5173/', 'http://localhost/', 'https://example.org/app:', 'file:///etc/passwd', 'ftp://x/', ''])
      expect(isAllowedRequest(url, server), url).toBe(false)
  })
})

describe('the command line', () => {
  it('makes folders absolute and knows the sample', () => {
    expect(parseArguments(['.', '--workspace=projects/a b', '--no-sandbox'], '/home/kim')).toEqual({
      workspace: resolve('/home/kim/projects/a b'),
      sample: false,
      userDataDirectory: undefined
    })
    expect(parseArguments(['--sample=/srv/s', '--user-data-dir=/srv/u'], '/')).toEqual({
      workspace: '/srv/s',
      sample: true,
      userDataDirectory: '/srv/u'
    })
    expect(parseArguments(['--workspace='], '/')).toMatchObject({ workspace: undefined })
  })
})

describe('the place of the window', () => {
  const screen = { x: 0, y: 0, width: 1920, height: 1040 }

  it('stays when its screen is there and is found again when it is not', () => {
    const there = { x: 100, y: 80, width: 1200, height: 800, maximized: false }
    expect(fitPlacement(there, [screen])).toEqual(there)
    expect(fitPlacement({ ...there, x: 2500 }, [screen])).toEqual({ width: 1200, height: 800, maximized: false })
  })

  it('never is larger than the screen', () => {
    const side = fc.integer({ min: 1, max: 20_000 })
    const place = fc.integer({ min: -5000, max: 20_000 })
    fc.assert(
      fc.property(place, place, side, side, (x, y, width, height) => {
        const fitted = fitPlacement({ x, y, width, height, maximized: false }, [screen])
        expect(fitted.width).toBeLessThanOrEqual(screen.width)
        expect(fitted.height).toBeLessThanOrEqual(screen.height)
        expect(fitted.width).toBeGreaterThanOrEqual(1024)
      })
    )
  })

  it('has a default when the file is missing', () => {
    expect(readPlacement('/nowhere/window.json')).toMatchObject({ width: 1440, height: 900 })
  })
})
