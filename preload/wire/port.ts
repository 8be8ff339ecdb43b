/** One end of an ordered, reliable channel of structured-cloneable frames. */
export interface WirePort {
  post(frame: unknown): void
  /** One listener; frames that came before it was set are delivered to it first. */
  onMessage(listener: (frame: unknown) => void): void
  /** Called once, when the other end has gone or `close` was called. */
  onClose(listener: () => void): void
  close(): void
}

/** The part of Electron's MessagePortMain that is used; its `message` event wraps the frame. */
export interface NodeStylePort {
  postMessage(frame: unknown): void
  on(event: 'message', listener: (event: { data: unknown }) => void): unknown
  on(event: 'close', listener: () => void): unknown
  start(): void
  close(): void
}

/** Queues frames until a listener is there and makes closing happen once. */
export function createPort(send: (frame: unknown) => void, hangUp: () => void) {
  let listener: ((frame: unknown) => void) | undefined
  let waiting: unknown[] = []
  let closed = false
  const closeListeners: (() => void)[] = []
  const closing = () => {
    if (closed) return
    closed = true
    for (const each of closeListeners.splice(0)) each()
  }
  const port: WirePort = {
    post: (frame) => {
      if (!closed) send(frame)
    },
    onMessage: (next) => {
      listener = next
      const early = waiting
      waiting = []
      for (const frame of early) next(frame)
    },
    onClose: (next) => {
      if (closed) next()
      else closeListeners.push(next)
    },
    close: () => {
      if (closed) return
      hangUp()
      closing()
    }
  }
  const receive = (frame: unknown) => {
    if (closed) return
    if (listener) listener(frame)
    else waiting.push(frame)
  }
  return { port, receive, closed: closing }
}

/** For Electron's main and utility processes. */
export function fromNodePort(raw: NodeStylePort): WirePort {
  const { port, receive, closed } = createPort(
    (frame) => raw.postMessage(frame),
    () => raw.close()
  )
  raw.on('message', (event) => receive(event.data))
  raw.on('close', closed)
  raw.start()
  return port
}

/** For a browser's MessagePort. Chromium before 122 has no `close` event there, so whoever knows calls `closed`. */
export function fromBrowserPort(raw: MessagePort): { port: WirePort; closed: () => void } {
  const { port, receive, closed } = createPort(
    (frame) => raw.postMessage(frame),
    () => raw.close()
  )
  raw.addEventListener('message', (event: MessageEvent<unknown>) => receive(event.data))
  raw.addEventListener('close', closed)
  raw.start()
  return { port, closed }
}
