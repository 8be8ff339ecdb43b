import { createConnection, type Socket } from 'node:net'
import type { z } from 'zod'
import { serverFrameLimit } from '../../../preload/wire/frames'
import type { WirePort } from '../../../preload/wire/port'
import { WorkbenchError } from '../../model/errors'
import { DRYDOCK_VERSION } from '../../model/version'
import { readSign } from './address'
import { isSame, newNonce, proofOf, Welcome, type Entry, type Knock } from './handshake'
import { fromStream } from './stream-port'

/** Time in which whoever holds a workspace must answer, milliseconds. */
const ANSWER_MS = 5_000

export interface ReachedHolder {
  pid: number
  port: WirePort
}

export interface ReachOptions {
  /** The caller looks at the workspace for as long as it is open: the holder need not wait for its end. */
  stays?: boolean
}

/**
 * Connects to the program of this person that holds a workspace; undefined where none does, or where it does not answer (a socket that a
 * killed one left behind). Throws STORAGE_LOCKED where it is of another version, which speaks another contract.
 */
export async function reachHolder(
  userDirectory: string,
  workspace: string,
  { stays = false }: ReachOptions = {}
): Promise<ReachedHolder | undefined> {
  const sign = readSign(userDirectory, workspace)
  if (!sign) return undefined
  const socket = await connectTo(sign.address)
  if (!socket) return undefined
  const port = fromStream(socket, { limit: () => 2 * serverFrameLimit, onHostile: () => undefined })
  const nonce = newNonce()
  const welcome = await new Promise<z.infer<typeof Welcome> | undefined>((resolve) => {
    const late = setTimeout(() => resolve(undefined), ANSWER_MS)
    port.onMessage((frame) => {
      clearTimeout(late)
      resolve(Welcome.safeParse(frame).data)
    })
    port.onClose(() => {
      clearTimeout(late)
      resolve(undefined)
    })
    port.post({ version: DRYDOCK_VERSION, nonce, stays } satisfies z.infer<typeof Knock>)
  })
  const nonces = { caller: nonce, holder: welcome?.nonce ?? '' }
  const isGenuine = welcome !== undefined && isSame(welcome.proof, proofOf(sign.token, 'holder', nonces))
  if (isGenuine && welcome.welcome === DRYDOCK_VERSION) {
    port.post({ proof: proofOf(sign.token, 'caller', nonces) } satisfies z.infer<typeof Entry>)
    return { pid: welcome.pid, port }
  }
  port.close()
  if (!isGenuine) return undefined
  throw new WorkbenchError(
    'STORAGE_LOCKED',
    `Drydock ${welcome.welcome} has this workspace open (process ${welcome.pid}), and this is ${DRYDOCK_VERSION}. Close it there, or use the same version.`,
    { details: { directory: workspace, pid: welcome.pid } }
  )
}

function connectTo(address: string): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = createConnection(address)
    socket.once('connect', () => resolve(socket))
    socket.once('error', () => resolve(undefined))
    socket.setTimeout(ANSWER_MS, () => resolve(undefined))
    socket.once('connect', () => socket.setTimeout(0))
  })
}
