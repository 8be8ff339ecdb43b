import { useSyncExternalStore, type AnchorHTMLAttributes } from 'react'

/** The areas of the window by the first part of their addresses; each adds itself in its manifest. */
export interface Areas {}
export type Area = keyof Areas

/** `#/experiments/run/5f0c?tab=metrics` as area `experiments`, path `['run', '5f0c']`, query `{ tab: 'metrics' }`. */
export interface Location {
  /** As the address has it: perhaps none that there is. */
  area: string
  path: readonly string[]
  query: Readonly<Record<string, string>>
}

export function parseLocation(hash: string): Location {
  const [rawPath = '', rawQuery = ''] = hash.replace(/^#/, '').split('?', 2)
  const parts = rawPath.split('/').filter(Boolean).map(decode)
  return { area: parts[0] ?? 'overview', path: parts.slice(1), query: Object.fromEntries(new URLSearchParams(rawQuery)) }
}

const decode = (part: string) => {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

/** The stable address of a screen; undefined, null and empty query values are left out. */
export function hrefTo(area: Area, path: readonly string[] = [], query: Record<string, string | null | undefined> = {}): string {
  const search = new URLSearchParams(Object.entries(query).filter((entry): entry is [string, string] => Boolean(entry[1]))).toString()
  return `#/${[area, ...path].map(encodeURIComponent).join('/')}${search ? `?${search}` : ''}`
}

/** Goes to a screen; `replace` for changes that the back button should not stop at (tabs, filters). */
export function navigate(
  area: Area,
  path: readonly string[] = [],
  query: Record<string, string | null | undefined> = {},
  options: { replace?: boolean } = {}
): void {
  navigateTo(hrefTo(area, path, query), options)
}

/** The same for a ready address: `#/data/strikes` or, as the host writes it, `/data/strikes`. */
export function navigateTo(href: string, { replace }: { replace?: boolean } = {}): void {
  const hash = href.startsWith('#') ? href : `#${href.startsWith('/') ? '' : '/'}${href}`
  if (hash === window.location.hash) return
  if (replace) {
    window.history.replaceState(window.history.state, '', hash)
    window.dispatchEvent(new HashChangeEvent('hashchange'))
  } else window.location.hash = hash
}

let cached: { hash: string; location: Location } | undefined
function currentLocation(): Location {
  const hash = window.location.hash
  if (cached?.hash !== hash) cached = { hash, location: parseLocation(hash) }
  return cached.location
}
function subscribe(listener: () => void): () => void {
  window.addEventListener('hashchange', listener)
  return () => window.removeEventListener('hashchange', listener)
}

/** Where the window is; the component renders again when that changes. */
export function useLocation(): Location {
  return useSyncExternalStore(subscribe, currentLocation)
}

export interface LinkProps extends Omit<AnchorHTMLAttributes<HTMLAnchorElement>, 'href'> {
  area: Area
  path?: readonly string[]
  query?: Record<string, string | null | undefined>
}

export function Link({ area, path, query, className, ...rest }: LinkProps) {
  return (
    <a {...rest} href={hrefTo(area, path, query)} className={className ?? 'rounded-sm text-accent underline-offset-2 hover:underline'} />
  )
}
