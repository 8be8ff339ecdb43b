import { randomBytes } from 'node:crypto'
import { createServer as listen, type Server as NetServer, type Socket } from 'node:net'
import type { z } from 'zod'
import { callerFrameLimit } from '../../../preload/wire/frames'
import type { WirePort } from '../../../preload/wire/port'
import type { Server } from '../../../preload/wire/server'
import type { Application } from '../../core/application'
import { createCaller } from '../../core/people'
import { DRYDOCK_VERSION } from '../../model/version'
import { describeError, type Log } from '../host-log'
import { serveContract } from '../serve-contract'
import { addressesFor, putUpSign } from './address'
import { Entry, isSame, Knock, newNonce, proofOf, type Welcome } from './handshake'
import { fromStream } from './stream-port'

/** Bytes that somebody who has not shown the token may say, and the time for it, milliseconds. */
const STRANGER = { bytes: 4_096, milliseconds: 5_000 }
const MOST_CALLERS = 64
/** JSON takes more room than what it stands for. */
const FRAME_BYTES = 2 * callerFrameLimit
/** Time that open calls get to notice the end, milliseconds. */
const GRACE_MS = 3_000

/** The way into a workspace that this process holds, for other programs of the same person. */
export interface Door {
  /** Programs that are waited for: all that are in, but windows only while something that they asked for is being changed. */
  callers(): number
  /** Resolves when nobody is waited for, or when the signal fires. */
  empty(signal: AbortSignal): Promise<void>
  close(): Promise<void>
}

/** One who is in. */
interface Guest {
  stays: boolean
  /** Changes that it asked for and that are under way. */
  changes: number
}

/** Listens for other programs of this person and serves them the contract of the open workspace. */
export async function openDoor(app: Application, workspace: string, log: Log): Promise<Door> {
  const token = randomBytes(32).toString('hex')
  const servers = new Set<Server>()
  const guests = new Map<Socket, Guest>()
  const leaving: (() => void)[] = []
  const waitedFor = (): number => [...guests.values()].filter(({ stays, changes }) => !stays || changes > 0).length
  const gone = (): void => {
    if (waitedFor() === 0) for (const leave of leaving.splice(0)) leave()
  }
  const cutOff = (socket: Socket, reason: string): void => {
    log('warn', 'a caller of the workspace was cut off', { reason, workspace })
    socket.destroy()
  }
  const welcome = (port: WirePort, guest: Guest): void => {
    const caller = createCaller()
    const server = serveContract(app, port, {
      mayNamePaths: true,
      guest: {
        ...caller,
        changing(by) {
          guest.changes += by
          gone()
        }
      },
      onReport: ({ reportId, path, error }) => log('error', 'unexpected error', { reportId, path, error: describeError(error) })
    })
    servers.add(server)
    port.onClose(() => {
      servers.delete(server)
      caller.leave()
    })
  }
  const receive = (socket: Socket): void => {
    const guest: Guest = { stays: false, changes: 0 }
    guests.set(socket, guest)
    let isKnown = false
    const port = fromStream(socket, {
      limit: () => (isKnown ? FRAME_BYTES : STRANGER.bytes),
      onHostile: (reason) => cutOff(socket, reason)
    })
    const late = setTimeout(() => socket.destroy(), STRANGER.milliseconds)
    socket.once('close', () => {
      clearTimeout(late)
      guests.delete(socket)
      gone()
    })
    const enter = (stays: boolean): void => {
      clearTimeout(late)
      isKnown = true
      guest.stays = stays
      welcome(port, guest)
      gone()
    }
    port.onMessage((frame) => {
      const { data: knock } = Knock.safeParse(frame)
      if (!knock) return cutOff(socket, 'it did not knock')
      const nonces = { caller: knock.nonce, holder: newNonce() }
      const proof = proofOf(token, 'holder', nonces)
      port.post({ welcome: DRYDOCK_VERSION, pid: process.pid, nonce: nonces.holder, proof } satisfies z.infer<typeof Welcome>)
      if (knock.version !== DRYDOCK_VERSION) return port.close()
      port.onMessage((next) => {
        const { data: entry } = Entry.safeParse(next)
        if (!entry || !isSame(entry.proof, proofOf(token, 'caller', nonces))) return cutOff(socket, 'it did not show that it has the token')
        enter(knock.stays ?? false)
      })
    })
  }
  const { server, address } = await listenAtFirst(addressesFor(app.userDirectory, workspace), receive)
  const takeDown = putUpSign(app.userDirectory, workspace, { address, token, pid: process.pid, version: DRYDOCK_VERSION })
  return {
    callers: waitedFor,
    empty: (signal) =>
      new Promise((resolve) => {
        leaving.push(resolve)
        signal.addEventListener('abort', () => resolve())
        gone()
      }),
    async close() {
      takeDown()
      server.close()
      await Promise.race([
        Promise.all([...servers].map((each) => each.close())),
        new Promise((resolve) => setTimeout(resolve, GRACE_MS).unref())
      ])
      for (const socket of guests.keys()) socket.destroySoon()
    }
  }
}

async function listenAtFirst(
  addresses: Iterable<string>,
  receive: (socket: Socket) => void
): Promise<{ server: NetServer; address: string }> {
  let problem: unknown = new Error('no folder for a socket can be had')
  for (const address of addresses)
    try {
      const server = listen({ allowHalfOpen: false }, receive)
      server.maxConnections = MOST_CALLERS
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject)
        server.listen(address, resolve)
      })
      server.on('error', () => undefined)
      return { server, address }
    } catch (error) {
      problem = error
    }
  throw problem
}
