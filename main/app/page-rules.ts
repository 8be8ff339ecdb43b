export const pageOrigin = 'app://ui'

/** What a page may load and run; sent with every answer of the page's scheme. */
export const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "object-src 'none'"
].join('; ')

/** Whether a request may be made at all: our own page, what it makes itself, and Vite's server (`development`) where there is one. */
export function isAllowedRequest(url: string, development: string | undefined): boolean {
  if (/^(app|devtools|blob|data):/.test(url)) return true
  if (!development) return false
  try {
    const asked = new URL(url)
    const server = new URL(development)
    return asked.hostname === server.hostname && asked.port === server.port
  } catch {
    return false
  }
}

/** Whether an address is a page of ours, to be shown in a window and heard by the operating-system calls. */
export function isAllowedPage(url: string, development: string | undefined): boolean {
  return url.startsWith(`${pageOrigin}/`) || (development !== undefined && /^https?:/.test(url) && isAllowedRequest(url, development))
}
