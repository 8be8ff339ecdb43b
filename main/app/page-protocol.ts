import { protocol } from 'electron'
import { readFile, realpath } from 'node:fs/promises'
import { extname, sep } from 'node:path'
import { fileOfPage } from './page-files'
import { contentSecurityPolicy } from './page-rules'

const contentTypes: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
  '.wasm': 'application/wasm'
}

/** Serves the built page as `app://ui/`, with its content policy, and nothing outside `root`. */
export function servePage(root: string): void {
  const headers = (type: string) => ({
    'content-type': type,
    'content-security-policy': contentSecurityPolicy,
    'x-content-type-options': 'nosniff',
    'cross-origin-opener-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-cache'
  })
  protocol.handle('app', async (request) => {
    const file = fileOfPage(root, request.url)
    const type = file && contentTypes[extname(file)]
    if (!file || !type || request.method !== 'GET') return new Response('Not found', { status: 404, headers: headers('text/plain') })
    try {
      const [real, realRoot] = await Promise.all([realpath(file), realpath(root)])
      if (!real.startsWith(realRoot + sep)) throw new Error('a link leads out of the page')
      return new Response(new Uint8Array(await readFile(real)), { headers: headers(type) })
    } catch {
      return new Response('Not found', { status: 404, headers: headers('text/plain') })
    }
  })
}
