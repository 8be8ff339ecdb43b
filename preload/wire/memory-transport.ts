import { createPort, type WirePort } from './port'

export interface MemoryTransport {
  client: WirePort
  server: WirePort
  /** Cuts both ends, as the death of a process does. */
  disconnect(): void
}

/**
 * Two joined ports inside one process. Frames are structured clones and arrive later, in order, as with a real port, so
 * a value that could not cross a process boundary fails here too.
 */
export function createMemoryTransport(): MemoryTransport {
  let cut = false
  const deliver = (receive: (frame: unknown) => void) => (frame: unknown) => {
    const copy = structuredClone(frame)
    setImmediate(() => {
      if (!cut) receive(copy)
    })
  }
  const disconnect = () => {
    if (cut) return
    cut = true
    setImmediate(() => {
      client.closed()
      server.closed()
    })
  }
  const client = createPort((frame) => deliver(server.receive)(frame), disconnect)
  const server = createPort((frame) => deliver(client.receive)(frame), disconnect)
  return { client: client.port, server: server.port, disconnect }
}
