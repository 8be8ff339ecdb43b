import { extname, join, resolve, sep } from 'node:path'

/**
 * The file under `root` that an `app://ui/` address names, or undefined when it names none or leaves the folder.
 * Paths without an extension are routes of the page and give index.html.
 */
export function fileOfPage(root: string, url: string): string | undefined {
  let path: string
  try {
    const address = new URL(url)
    if (address.protocol !== 'app:' || address.host !== 'ui') return undefined
    path = decodeURIComponent(address.pathname)
  } catch {
    return undefined
  }
  if (path.includes('\0') || path.includes('\\')) return undefined
  const file = resolve(root, `.${path}`)
  if (file !== resolve(root) && !file.startsWith(resolve(root) + sep)) return undefined
  return extname(file) === '' ? join(root, 'index.html') : file
}
