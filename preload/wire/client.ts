import type { CallerInputOf, Contract, Definition, ItemOf, OutputOf, StreamDefinition } from './definitions'
import { cancelled, disconnected, WireError } from './errors'
import { ServerFrame, type CallerFrame } from './frames'
import type { WirePort } from './port'

export interface CallOptions {
  /** Cancels the call; the promise then rejects with CANCELLED. */
  signal?: AbortSignal
}

/**
 * A running stream. Iterate it for the items, await `result` for what it returned. Leaving the loop early cancels it.
 * When nobody iterates, reading `result` discards the items, so that the stream still comes to its end.
 */
export interface StreamCall<T, R> extends AsyncIterable<T> {
  readonly result: Promise<R>
  cancel(): void
}

type Method<D extends Definition> = D extends StreamDefinition
  ? (input: CallerInputOf<D>, options?: CallOptions) => StreamCall<ItemOf<D>, OutputOf<D>>
  : (input: CallerInputOf<D>, options?: CallOptions) => Promise<OutputOf<D>>
export type Client<C extends Contract> = { readonly [F in keyof C]: { readonly [V in keyof C[F]]: Method<C[F][V]> } }

/** Receives what belongs to one call. */
interface Receiver {
  item(value: unknown): void
  done(value: unknown): void
  fail(error: WireError): void
}

interface Connection {
  open(path: string, input: unknown, receiver: Receiver): number
  send(frame: CallerFrame): void
  /** Fails the call here and now and tells the server. */
  cancel(id: number): void
}

/** Items asked for ahead of the reader; more are asked for when half of them were read. */
const readAhead = 32

/** Calls a contract over a port. After the port has closed every call rejects with `details.reason` = `disconnected`. */
export function createClient<C extends Contract>(contract: C, port: WirePort): Client<C> {
  const connection = createConnection(port)
  const client: Record<string, Record<string, unknown>> = {}
  for (const [feature, verbs] of Object.entries(contract)) {
    client[feature] = {}
    for (const [verb, definition] of Object.entries(verbs)) {
      const path = `${feature}.${verb}`
      client[feature][verb] =
        definition.kind === 'stream'
          ? (input: unknown, options?: CallOptions) => callStream(connection, path, input, options)
          : (input: unknown, options?: CallOptions) => callOnce(connection, path, input, options)
    }
  }
  return client as Client<C>
}

function createConnection(port: WirePort): Connection {
  const receivers = new Map<number, Receiver>()
  let lastId = 0
  let closed = false
  const settle = (id: number) => {
    const receiver = receivers.get(id)
    receivers.delete(id)
    return receiver
  }
  port.onMessage((raw) => {
    const parsed = ServerFrame.safeParse(raw)
    if (!parsed.success) return
    const frame = parsed.data
    if (frame.kind === 'item') receivers.get(frame.id)?.item(frame.value)
    else if (frame.kind === 'done') settle(frame.id)?.done(frame.value)
    else settle(frame.id)?.fail(new WireError(frame.error))
  })
  port.onClose(() => {
    closed = true
    for (const id of [...receivers.keys()]) settle(id)?.fail(new WireError(disconnected()))
  })
  return {
    open: (path, input, receiver) => {
      const id = ++lastId
      if (closed) {
        queueMicrotask(() => receiver.fail(new WireError(disconnected())))
        return id
      }
      receivers.set(id, receiver)
      try {
        port.post({ kind: 'call', id, path, input } satisfies CallerFrame)
      } catch (error) {
        receivers.delete(id)
        const message = `The input of ${path} cannot be sent to the workbench: ${error instanceof Error ? error.message : String(error)}.`
        queueMicrotask(() => receiver.fail(new WireError({ code: 'INVALID_INPUT', message })))
      }
      return id
    },
    send: (frame) => {
      if (!closed) port.post(frame)
    },
    cancel: (id) => {
      const receiver = settle(id)
      if (!receiver) return
      if (!closed) port.post({ kind: 'cancel', id } satisfies CallerFrame)
      receiver.fail(new WireError(cancelled()))
    }
  }
}

/** Runs `cancel` when the signal fires; returns what takes the listener off again. */
function onAbort(signal: AbortSignal | undefined, cancel: () => void): () => void {
  if (!signal) return () => {}
  if (signal.aborted) queueMicrotask(cancel)
  signal.addEventListener('abort', cancel)
  return () => signal.removeEventListener('abort', cancel)
}

function callOnce(connection: Connection, path: string, input: unknown, options: CallOptions = {}): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const id = connection.open(path, input, {
      item: () => {},
      done: (value) => {
        stopListening()
        resolve(value)
      },
      fail: (error) => {
        stopListening()
        reject(error)
      }
    })
    const stopListening = onAbort(options.signal, () => connection.cancel(id))
  })
}

function callStream(connection: Connection, path: string, input: unknown, options: CallOptions = {}): StreamCall<unknown, unknown> {
  const buffered: unknown[] = []
  let asked = 0
  let mode: 'waiting' | 'iterating' | 'discarding' = 'waiting'
  let ended: { error?: WireError } | undefined
  let wake = () => {}
  let finish: (value: unknown) => void = () => {}
  let fail: (error: WireError) => void = () => {}
  const result = new Promise<unknown>((resolve, reject) => {
    finish = resolve
    fail = reject
  })
  // Somebody who only iterates gets the error there; it must not count as unhandled here as well.
  result.catch(() => {})

  const end = (error?: WireError) => {
    ended = { error }
    stopListening()
    wake()
  }
  const id = connection.open(path, input, {
    item: (value) => {
      asked--
      if (mode !== 'discarding') buffered.push(value)
      wake()
      refill()
    },
    done: (value) => {
      end()
      finish(value)
    },
    fail: (error) => {
      end(error)
      fail(error)
    }
  })
  const stopListening = onAbort(options.signal, () => connection.cancel(id))
  const refill = () => {
    if (ended || mode === 'waiting' || asked + buffered.length > readAhead / 2) return
    const n = readAhead - asked - buffered.length
    asked += n
    connection.send({ kind: 'pull', id, n })
  }

  async function* iterate(): AsyncGenerator<unknown, void, void> {
    mode = 'iterating'
    refill()
    try {
      for (;;) {
        while (buffered.length > 0) {
          const value = buffered.shift()
          refill()
          yield value
        }
        if (ended?.error) throw ended.error
        if (ended) return
        await new Promise<void>((next) => (wake = next))
      }
    } finally {
      connection.cancel(id)
    }
  }
  return {
    [Symbol.asyncIterator]: iterate,
    get result() {
      // Later, because `const r = call.result` may stand before the loop that reads the items.
      setTimeout(() => {
        if (mode !== 'waiting') return
        mode = 'discarding'
        refill()
      })
      return result
    },
    cancel: () => connection.cancel(id)
  }
}
