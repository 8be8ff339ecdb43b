import type { Duplex } from 'node:stream'
import { createPort, type WirePort } from '../../../preload/wire/port'
import { decodeValue, encodeValue } from './value-text'

export interface StreamPortOptions {
  /** Most bytes of one frame that are taken in; asked for each frame, because a stranger may say less than a known caller. */
  limit(): number
  /** Told why a stream was cut that said what no caller of ours says. */
  onHostile(reason: string): void
}

/** Frames over a stream of bytes: four bytes of length, then JSON. What is too large or no JSON cuts the stream. */
export function fromStream(stream: Duplex, { limit, onHostile }: StreamPortOptions): WirePort {
  const { port, receive, closed } = createPort(
    (frame) => {
      const body = Buffer.from(encodeValue(frame), 'utf8')
      const head = Buffer.alloc(4)
      head.writeUInt32BE(body.length)
      stream.cork()
      stream.write(head)
      stream.write(body)
      stream.uncork()
    },
    () => stream.end()
  )
  let parts: Buffer[] = []
  let held = 0
  const cut = (reason: string): void => {
    onHostile(reason)
    parts = []
    stream.destroy()
  }
  /** The first bytes of what is held, which are no longer held then. */
  const take = (count: number): Buffer => {
    const all = parts.length === 1 ? parts[0] : Buffer.concat(parts)
    parts = all.length > count ? [all.subarray(count)] : []
    held -= count
    return all.subarray(0, count)
  }
  let wanted: number | undefined
  stream.on('data', (chunk: Buffer) => {
    parts.push(chunk)
    held += chunk.length
    for (;;) {
      if (wanted === undefined) {
        if (held < 4) return
        wanted = take(4).readUInt32BE()
        if (wanted > limit()) return cut(`a frame of ${wanted} bytes`)
      }
      if (held < wanted) return
      const body = take(wanted)
      wanted = undefined
      let frame: unknown
      try {
        frame = decodeValue(body.toString('utf8'))
      } catch {
        return cut('a frame that is no JSON')
      }
      receive(frame)
      if (stream.destroyed) return
    }
  })
  // An error is followed by the close, which is what callers are told.
  stream.on('error', () => undefined)
  stream.on('end', () => stream.end())
  stream.on('close', closed)
  return port
}
