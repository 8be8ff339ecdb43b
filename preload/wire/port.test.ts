import { EventEmitter } from 'node:events'
import { describe, expect, it } from 'vitest'
import { createPort, fromBrowserPort, fromNodePort } from './port'

/** A port whose other end is a list of what was sent and a count of how often it was hung up. */
function openPort() {
  const sent: unknown[] = []
  const ended = { hungUp: 0 }
  const { port, receive, closed } = createPort(
    (frame) => void sent.push(frame),
    () => void ended.hungUp++
  )
  return { port, receive, closed, sent, ended }
}

describe('one end of the wire', () => {
  it('keeps what comes before anybody listens, in order, and gives it once', () => {
    const { port, receive } = openPort()
    receive(1)
    receive(2)
    const [first, second]: unknown[][] = [[], []]
    port.onMessage((frame) => first.push(frame))
    receive(3)
    expect(first).toEqual([1, 2, 3])
    port.onMessage((frame) => second.push(frame))
    receive(4)
    expect([first, second]).toEqual([[1, 2, 3], [4]])
  })

  it('sends and gives nothing more when it is closed, and hangs up once', () => {
    const { port, receive, sent, ended } = openPort()
    const got: unknown[] = []
    port.onMessage((frame) => got.push(frame))
    port.post('before')
    port.close()
    port.close()
    port.post('after')
    receive('after')
    expect({ sent, got, hungUp: ended.hungUp }).toEqual({ sent: ['before'], got: [], hungUp: 1 })
  })

  it('tells everybody once that the other end has gone, also who asks later, and does not hang up on it', () => {
    const { port, closed, sent, ended } = openPort()
    const told: string[] = []
    port.onClose(() => told.push('first'))
    port.onClose(() => told.push('second'))
    closed()
    closed()
    port.close()
    port.post('nobody is there')
    port.onClose(() => told.push('late'))
    expect({ told, sent, hungUp: ended.hungUp }).toEqual({ told: ['first', 'second', 'late'], sent: [], hungUp: 0 })
  })
})

describe('a port of the main process', () => {
  it('carries frames out of their events, is started, and ends with the raw port in both directions', () => {
    const events = new EventEmitter()
    const calls: unknown[] = []
    const raw = {
      on: (name: string, listener: (event: { data: unknown }) => void) => events.on(name, listener),
      postMessage: (frame: unknown) => void calls.push(['post', frame]),
      start: () => void calls.push('start'),
      close: () => void calls.push('close')
    }
    const port = fromNodePort(raw)
    const got: unknown[] = []
    port.onMessage((frame) => got.push(frame))
    events.emit('message', { data: { call: 1 } })
    port.post('answer')
    port.close()
    expect({ got, calls }).toEqual({ got: [{ call: 1 }], calls: ['start', ['post', 'answer'], 'close'] })

    const other = fromNodePort({ ...raw, close: () => void calls.push('closed again') })
    let isGone = false
    other.onClose(() => (isGone = true))
    events.emit('close')
    other.close()
    expect({ isGone, last: calls.at(-1) }).toEqual({ isGone: true, last: 'start' })
  })
})

describe('a port of the page', () => {
  it('carries frames both ways, and who knows that the other end has gone says so', async () => {
    const { port1, port2 } = new MessageChannel()
    const [page, host] = [fromBrowserPort(port1), fromBrowserPort(port2)]
    const got = new Promise((resolve) => host.port.onMessage(resolve))
    page.port.post({ call: 7 })
    expect(await got).toEqual({ call: 7 })
    const back = new Promise((resolve) => page.port.onMessage(resolve))
    host.port.post('answer')
    expect(await back).toBe('answer')
    let isTold = false
    host.port.onClose(() => (isTold = true))
    host.closed()
    expect(isTold).toBe(true)
    const ended = new Promise<void>((resolve) => page.port.onClose(resolve))
    port2.close()
    await ended
    port1.close()
  })
})
