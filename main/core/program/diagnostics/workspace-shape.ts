import { statSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { WorkbenchError, type ErrorCode } from '../../../model/errors'
import type { FindingArea } from '../../../model/recovery'
import type { RecentWorkspace } from '../../../model/workspace'
import { examineWorkspace, type Examination } from '../../recovery'

/** A workspace as support sees it: how large, of which format, how sound. Neither name nor place nor anything in it. */
export interface WorkspaceShape {
  /** Its place in the list of recent workspaces, from 1. */
  number: number
  isThere: boolean
  parts?: Record<string, { files: number; bytes: number }>
  /** Null where it cannot be read. */
  ledgerFormat?: number | null
  checked?: Examination['checked']
  isSound?: boolean
  opens?: boolean
  findings?: { area: FindingArea; severity: 'damage' | 'note'; count: number }[]
  /** Why it was not checked: too large, or the code of an error. */
  unchecked?: 'too large' | ErrorCode
}

/** Content that is read for a diagnosis, bytes; whoever wants more has `workspace doctor`. */
const mostBytes = 2 ** 30
const parts = ['objects', 'data', 'runs', 'exports', 'log', 'snapshots', 'policies', 'pipelines', 'tmp']

async function sizeOf(folder: string): Promise<{ files: number; bytes: number }> {
  const size = { files: 0, bytes: 0 }
  for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
    const path = join(folder, entry.name)
    const inside = entry.isDirectory() ? await sizeOf(path) : undefined
    size.files += inside?.files ?? (entry.isFile() ? 1 : 0)
    size.bytes += inside?.bytes ?? (entry.isFile() ? (statSync(path, { throwIfNoEntry: false })?.size ?? 0) : 0)
  }
  return size
}

function countFindings(findings: Examination['findings']): WorkspaceShape['findings'] {
  const counts = new Map<string, NonNullable<WorkspaceShape['findings']>[number]>()
  for (const { area, severity } of findings) {
    const known = counts.get(`${area} ${severity}`) ?? { area, severity, count: 0 }
    counts.set(`${area} ${severity}`, { ...known, count: known.count + 1 })
  }
  return [...counts.values()]
}

/** Looks at a workspace without changing a byte of it, as `workspace doctor` does. */
export async function shapeOf({ directory, available }: RecentWorkspace, number: number, signal?: AbortSignal): Promise<WorkspaceShape> {
  if (!available) return { number, isThere: false }
  const sizes: NonNullable<WorkspaceShape['parts']> = {}
  for (const part of parts) sizes[part] = await sizeOf(join(directory, part))
  sizes.ledger = { files: 1, bytes: statSync(join(directory, 'ledger.sqlite'), { throwIfNoEntry: false })?.size ?? 0 }
  const shape = { number, isThere: true, parts: sizes }
  if (Object.values(sizes).reduce((sum, { bytes }) => sum + bytes, 0) > mostBytes) return { ...shape, unchecked: 'too large' }
  try {
    const { checked, sound, opens, findings, ledger } = await examineWorkspace(directory, { signal })
    return { ...shape, ledgerFormat: ledger?.format ?? null, checked, isSound: sound, opens, findings: countFindings(findings) }
  } catch (error) {
    if (signal?.aborted) throw error
    return { ...shape, unchecked: error instanceof WorkbenchError ? error.code : 'INTERNAL' }
  }
}
