import type { InstalledPackage, ProgramEnvironment } from '../../model/program-environment'

const MAX_NAMED = 5

const interpreterTitles = { python: 'Python', r: 'R', node: 'Node', other: 'the program' } as const

/**
 * What differs between two environments, for a person: `scorelib 1.0 -> 2.0, other 3.1 added and 7 more`. Changed versions stand before
 * what was added and removed, other files last. Empty when nothing that could be named differs.
 */
export function nameProgramChanges(before: ProgramEnvironment, after: ProgramEnvironment): string {
  const named = [...interpreterChanges(before, after), ...packageChanges(before, after), ...fileChanges(before.files, after.files)]
  const rest = named.length - MAX_NAMED
  return named.slice(0, MAX_NAMED).join(', ') + (rest > 0 ? ` and ${rest} more` : '')
}

function interpreterChanges({ interpreter: old, virtual: from }: ProgramEnvironment, after: ProgramEnvironment): string[] {
  const { interpreter: now, virtual: to } = after
  const title = interpreterTitles[now.kind]
  const changes: string[] = []
  if (old.version !== now.version) changes.push(`${title} ${old.version ?? '(unknown)'} -> ${now.version ?? '(unknown)'}`)
  else if (old.path !== now.path) changes.push(`${title}: ${old.path ?? '(none)'} -> ${now.path ?? '(none)'}`)
  else if (old.sha256 !== now.sha256) changes.push(`${title}: another program file`)
  if (from?.path !== to?.path) changes.push(`virtual environment: ${from?.path ?? '(none)'} -> ${to?.path ?? '(none)'}`)
  else if (from?.sha256 !== to?.sha256) changes.push('pyvenv.cfg changed')
  return changes
}

function packageChanges(before: ProgramEnvironment, after: ProgramEnvironment): string[] {
  const [old, now] = [byName(before.packages), byName(after.packages)]
  const kinds: Record<'version' | 'added' | 'removed' | 'files', string[]> = { version: [], added: [], removed: [], files: [] }
  for (const name of [...new Set([...old.keys(), ...now.keys()])].sort()) {
    const [from, to] = [versions(old.get(name)), versions(now.get(name))]
    if (!old.has(name)) kinds.added.push(`${name}${to} added`)
    else if (!now.has(name)) kinds.removed.push(`${name}${from} removed`)
    else if (from !== to) kinds.version.push(`${name}${from} ->${to}`)
    else if (records(old.get(name)!) !== records(now.get(name)!)) kinds.files.push(`${name}${to} with other files`)
  }
  return [...kinds.version, ...kinds.added, ...kinds.removed, ...kinds.files]
}

/** A name can lie in several folders, each with a version of its own. */
function byName(packages: readonly InstalledPackage[]): Map<string, InstalledPackage[]> {
  const found = new Map<string, InstalledPackage[]>()
  for (const one of packages) found.set(one.name, [...(found.get(one.name) ?? []), one])
  return found
}

const versions = (packages: readonly InstalledPackage[] = []): string =>
  ` ${[...new Set(packages.map(({ version }) => version ?? '(unknown)'))].sort().join(' and ')}`
const records = (packages: readonly InstalledPackage[]): string => JSON.stringify(packages.map(({ record }) => record).sort())

function fileChanges(before: ProgramEnvironment['files'], after: ProgramEnvironment['files']): string[] {
  const paths = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort()
  return paths
    .filter((path) => before[path] !== after[path])
    .map((path) => `${path} ${!(path in before) ? 'added' : !(path in after) ? 'removed' : 'changed'}`)
}
