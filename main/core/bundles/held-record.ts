import { z } from 'zod'
import { WorkbenchError } from '../../model/errors'
import type { AuditEvent } from '../../model/workspace'
import { openBundle } from '../bundle-format'
import { assertAllowed } from '../machine-settings'

const FILE = 'log/events.json'
const MAX_BYTES = 256 * 1024 * 1024
const HeldRecord = z.object({ events: z.array(z.object({ index: z.number().int(), hash: z.string() })) })

export interface Comparison {
  /** How many entries the bundle holds. */
  held: number
  /** The first entry, counted from 1, that is another one here, or is not here; null where all are the same. */
  differs: number | null
}

/**
 * Holds a record against the one that a bundle carries: the bundle was out of reach of who changed the record later. Whether the bundle
 * itself is what its signer made is for `verify` to say. Throws NOT_FOUND or INVALID_INPUT for a file without a record.
 */
export async function compareWithBundle(path: string, chain: readonly Pick<AuditEvent, 'hash'>[]): Promise<Comparison> {
  const { events } = await readRecord(path)
  const first = events.findIndex(({ hash }, index) => chain[index]?.hash !== hash)
  return { held: events.length, differs: first < 0 ? null : first + 1 }
}

async function readRecord(path: string): Promise<z.infer<typeof HeldRecord>> {
  assertAllowed(path)
  const bundle = await openBundle(path)
  try {
    const file = bundle.list().find(({ name }) => name === FILE)
    if (!file || file.bytes > MAX_BYTES) throw unreadable(path)
    const chunks: Uint8Array[] = []
    for await (const chunk of bundle.chunks(FILE)) chunks.push(Buffer.from(chunk))
    const parsed = HeldRecord.safeParse(parse(Buffer.concat(chunks).toString('utf8')))
    if (!parsed.success || parsed.data.events.some(({ index }, at) => index !== at)) throw unreadable(path)
    return parsed.data
  } finally {
    await bundle.close()
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

const unreadable = (path: string): WorkbenchError =>
  new WorkbenchError('INVALID_INPUT', `"${path}" carries no record that can be read. Give a bundle that was exported from this workspace.`)
