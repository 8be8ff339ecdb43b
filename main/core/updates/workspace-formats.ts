import { existsSync, statSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import type { WorkspaceUnderUpdate } from '../../model/update'
import { appliedFormats, copyLedger, openReader } from '../../storage/ledger/ledger-reader'
import type { ReleaseDocument } from './release-documents'
import type { KnownWorkspace } from './update-place'

const LEDGER = 'ledger.sqlite'
/** Where SQLite keeps the number that a program gave a file (user_version): 4 bytes, big-endian. */
const VERSION_AT = 60

/** The ledger format of a workspace, without opening it; null where it cannot be read. */
export async function ledgerFormatOf(directory: string): Promise<number | null> {
  const file = join(directory, LEDGER)
  try {
    const log = statSync(`${file}-wal`, { throwIfNoEntry: false })
    return (log && log.size > 0 ? null : await formatInHeader(file)) || (await formatInLedger(file))
  } catch {
    return null
  }
}

async function formatInHeader(file: string): Promise<number | null> {
  const handle = await open(file, 'r')
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(100), 0, 100, 0)
    return bytesRead === 100 && buffer.toString('latin1', 0, 15) === 'SQLite format 3' ? buffer.readUInt32BE(VERSION_AT) : null
  } finally {
    await handle.close()
  }
}

/** While a workspace is in use, what is newest may still be in the log beside the ledger; programs before 0.1 left the header empty. */
async function formatInLedger(file: string): Promise<number | null> {
  const copy = await copyLedger(file)
  try {
    const ledger = openReader(copy.file)
    try {
      return appliedFormats(ledger).at(-1)?.version ?? null
    } finally {
      ledger.close()
    }
  } finally {
    await copy.remove()
  }
}

/** What a release does with each workspace that this user knows; those that are gone are said as well. */
export async function workspacesUnder(
  { ledgerSchema, opensLedgerFrom }: Pick<ReleaseDocument, 'ledgerSchema' | 'opensLedgerFrom'>,
  known: readonly KnownWorkspace[]
): Promise<WorkspaceUnderUpdate[]> {
  const found: WorkspaceUnderUpdate[] = []
  for (const { name, directory, available } of known) {
    const format = available && existsSync(join(directory, LEDGER)) ? await ledgerFormatOf(directory) : null
    found.push({ name, directory, format, effect: effectOn(format, ledgerSchema, opensLedgerFrom) })
  }
  return found
}

function effectOn(format: number | null, to: number, from: number): WorkspaceUnderUpdate['effect'] {
  if (format === null) return 'unknown'
  if (format < from) return 'too-old'
  if (format > to) return 'too-new'
  return format < to ? 'migrates' : 'stays'
}
