import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

interface LockedPackage {
  version?: string
  resolved?: string
  integrity?: string
  os?: string[]
  cpu?: string[]
  libc?: string[]
  link?: boolean
  optional?: boolean
}
const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as { packages: Record<string, LockedPackage> }

const platforms = [
  ['linux', 'x64'],
  ['linux', 'arm64'],
  ['darwin', 'x64'],
  ['darwin', 'arm64'],
  ['win32', 'x64']
] as const

/** `node_modules/@duckdb/node-bindings-linux-x64` belongs to the family `node_modules/@duckdb/node-bindings`. */
function familyOf(path: string): string {
  return path.replace(/[-/](linux|darwin|win32|freebsd|openbsd|netbsd|android|openharmony|sunos|aix|wasm32|linuxmusl).*$/, '')
}

const families = new Map<string, LockedPackage[]>()
for (const [path, entry] of Object.entries(packages)) {
  if (!entry.os || !entry.cpu) continue
  families.set(familyOf(path), [...(families.get(familyOf(path)) ?? []), entry])
}
const ours = [...families].filter(([, members]) => members.length > 1)

describe('the lock file', () => {
  it('knows the families of native packages', () => {
    const names = ours.map(([family]) => family)
    expect(names.some((name) => name.includes('@duckdb/'))).toBe(true)
    expect(names.some((name) => name.includes('@libsql'))).toBe(true)
    expect(names.some((name) => name.includes('lz4'))).toBe(true)
  })

  it.each(ours.map(([family, members]) => ({ family, members })))('holds every platform of $family', ({ members }) => {
    for (const [os, cpu] of platforms)
      expect(
        members.some((member) => member.os?.includes(os) && member.cpu?.includes(cpu)),
        `${os}-${cpu}`
      ).toBe(true)
  })

  it('names no address and pins every package by its digest', () => {
    const entries = Object.entries(packages).filter(([path, entry]) => path !== '' && !entry.link)
    expect(entries.length).toBeGreaterThan(100)
    expect(entries.filter(([, entry]) => entry.resolved !== undefined).map(([path]) => path)).toEqual([])
    expect(entries.filter(([, entry]) => !entry.integrity?.startsWith('sha512-')).map(([path]) => path)).toEqual([])
  })
})
