import { describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { createClient, createMemoryTransport, query, stream } from './index'

const contract = {
  work: { ask: query({ input: z.unknown(), output: z.unknown() }) },
  numbers: { count: stream({ input: z.unknown(), item: z.number(), output: z.string() }) }
}
type Frame = { kind: string; id: number; n?: number }

/** A client whose server is this test: it reads every frame, and answers by hand. */
function connect() {
  const transport = createMemoryTransport()
  const frames: Frame[] = []
  transport.server.onMessage((frame) => frames.push(frame as Frame))
  const arrived = (count: number) => vi.waitFor(() => expect(frames).toHaveLength(count), { timeout: 60_000, interval: 1 })
  return { transport, frames, arrived, answer: transport.server.post, client: createClient(contract, transport.client) }
}
const settled = async (call: Promise<unknown>) =>
  call.then(
    (value) => ({ value }),
    (error: { code: string; details?: unknown }) => ({ code: error.code, details: error.details })
  )
/** Frames that were sent have arrived by then. */
const turn = async () => {
  for (let n = 0; n < 5; n++) await new Promise((done) => setImmediate(done))
}

describe('a call', () => {
  it('is one frame with a number of its own, and is answered by that number', async () => {
    const { client, frames, arrived, answer } = connect()
    const [first, second] = [client.work.ask({ a: 1 }), client.work.ask('b')]
    await arrived(2)
    expect(frames).toEqual([
      { kind: 'call', id: 1, path: 'work.ask', input: { a: 1 } },
      { kind: 'call', id: 2, path: 'work.ask', input: 'b' }
    ])
    answer({ kind: 'done', id: 2, value: 'two' })
    answer({ kind: 'done', id: 1, value: 'one' })
    expect([await first, await second]).toEqual(['one', 'two'])
  })

  it('is not answered by what is no answer, and only once', async () => {
    const { client, arrived, answer } = connect()
    const call = settled(client.work.ask(null))
    await arrived(1)
    const error = { code: 'CONFLICT', message: 'Held.', details: { by: 'Ada' } }
    for (const odd of [
      null,
      'done',
      { kind: 'done', id: 2, value: 0 },
      { kind: 'item', id: 1, value: 0 },
      { kind: 'fail', id: 1, error: { ...error, code: 'WHAT' } }
    ])
      answer(odd)
    answer({ kind: 'fail', id: 1, error })
    answer({ kind: 'done', id: 1, value: 0 })
    expect(await call).toEqual({ code: 'CONFLICT', details: { by: 'Ada' } })
  })

  it('that is cancelled has ended for its caller at once, and the server is told once', async () => {
    const { client, frames, arrived, answer } = connect()
    const stop = new AbortController()
    const call = settled(client.work.ask(null, { signal: stop.signal }))
    await arrived(1)
    stop.abort()
    stop.abort()
    expect(await call).toMatchObject({ code: 'CANCELLED' })
    answer({ kind: 'done', id: 1, value: 'late' })
    await turn()
    expect(frames.slice(1)).toEqual([{ kind: 'cancel', id: 1 }])
    expect(await settled(client.work.ask(null, { signal: AbortSignal.abort() }))).toMatchObject({ code: 'CANCELLED' })
    await arrived(4)
    expect(frames.slice(2).map(({ kind, id }) => [kind, id])).toEqual([
      ['call', 2],
      ['cancel', 2]
    ])
  })

  it('that was answered is cancelled by nothing', async () => {
    const { client, frames, arrived, answer } = connect()
    const stop = new AbortController()
    const call = client.work.ask(null, { signal: stop.signal })
    await arrived(1)
    answer({ kind: 'done', id: 1, value: 7 })
    expect(await call).toBe(7)
    stop.abort()
    await turn()
    expect(frames).toHaveLength(1)
  })

  it('with what cannot be sent says so, and the next one goes', async () => {
    const { client, frames, arrived, answer } = connect()
    const failure = await client.work.ask(() => 1).catch((error: unknown) => error)
    expect(failure).toMatchObject({ code: 'INVALID_INPUT', message: expect.stringContaining('The input of work.ask cannot be sent') })
    const next = client.work.ask(1)
    await arrived(1)
    answer({ kind: 'done', id: frames[0]!.id, value: 'fine' })
    expect(await next).toBe('fine')
  })

  it('fails when the other end goes, then and later, and sends nothing more', async () => {
    const { client, frames, arrived, transport } = connect()
    const stop = new AbortController()
    const open = settled(client.work.ask(null))
    const items = client.numbers.count(null)
    await arrived(2)
    transport.disconnect()
    const gone = { code: 'INTERNAL', details: { reason: 'disconnected' } }
    expect(await open).toEqual(gone)
    expect(await settled(items.result)).toEqual(gone)
    const late = settled(client.work.ask(null, { signal: stop.signal }))
    stop.abort()
    expect(await late).toEqual(gone)
    items.cancel()
    await turn()
    expect(frames).toHaveLength(2)
  })
})

describe('a stream', () => {
  it('asks for nothing before somebody reads, and gives what came before its end', async () => {
    const { client, frames, arrived, answer } = connect()
    const call = client.numbers.count({ to: 2 })
    await arrived(1)
    await turn()
    expect(frames).toEqual([{ kind: 'call', id: 1, path: 'numbers.count', input: { to: 2 } }])
    const read: number[] = []
    const reading = (async () => {
      for await (const item of call) read.push(item)
    })()
    await arrived(2)
    expect(frames[1]).toEqual({ kind: 'pull', id: 1, n: 32 })
    for (const value of [1, 2]) answer({ kind: 'item', id: 1, value })
    answer({ kind: 'done', id: 1, value: 'two' })
    await reading
    expect([read, await call.result]).toEqual([[1, 2], 'two'])
    await turn()
    expect(frames).toHaveLength(2)
  })

  it('gives what came before it failed, then the failure, to the loop and to the result', async () => {
    const { client, arrived, answer } = connect()
    const call = client.numbers.count(null)
    const read: number[] = []
    const reading = settled(
      (async () => {
        for await (const item of call) read.push(item)
      })()
    )
    await arrived(2)
    answer({ kind: 'item', id: 1, value: 7 })
    answer({ kind: 'fail', id: 1, error: { code: 'JOB_FAILED', message: 'No.' } })
    expect([await reading, read, await settled(call.result)]).toMatchObject([{ code: 'JOB_FAILED' }, [7], { code: 'JOB_FAILED' }])
  })

  it('that is left early is cancelled, and its result is that it was', async () => {
    const { client, frames, arrived, answer } = connect()
    const call = client.numbers.count(null)
    const reading = (async () => {
      for await (const item of call) return item
    })()
    await arrived(2)
    for (const value of [1, 2, 3]) answer({ kind: 'item', id: 1, value })
    expect(await reading).toBe(1)
    expect(await settled(call.result)).toMatchObject({ code: 'CANCELLED' })
    await arrived(3)
    expect(frames[2]).toEqual({ kind: 'cancel', id: 1 })
  })

  it('of which only the result is wanted is pulled to its end, and its items are let go', async () => {
    const { client, frames, arrived, answer } = connect()
    const call = client.numbers.count(null)
    const result = call.result
    await arrived(2)
    expect(frames[1]).toEqual({ kind: 'pull', id: 1, n: 32 })
    for (let value = 0; value < 16; value++) answer({ kind: 'item', id: 1, value })
    await arrived(3)
    expect(frames[2]).toEqual({ kind: 'pull', id: 1, n: 16 })
    answer({ kind: 'done', id: 1, value: 'all' })
    expect(await result).toBe('all')
    const read: number[] = []
    for await (const item of call) read.push(item)
    expect(read).toEqual([])
    await turn()
    expect(frames).toHaveLength(3)
  })

  it('may be cancelled by its handle or a signal, with nobody reading', async () => {
    const { client, frames, arrived } = connect()
    const stop = new AbortController()
    const byHandle = client.numbers.count(null)
    const bySignal = client.numbers.count(null, { signal: stop.signal })
    await arrived(2)
    byHandle.cancel()
    byHandle.cancel()
    stop.abort()
    for (const call of [byHandle, bySignal]) expect(await settled(call.result)).toMatchObject({ code: 'CANCELLED' })
    await turn()
    expect(frames.slice(2)).toEqual([
      { kind: 'cancel', id: 1 },
      { kind: 'cancel', id: 2 }
    ])
  })
})

describe('two ends in one process', () => {
  it('hand over copies, later and in order, until one of them closes', async () => {
    const { client, server } = createMemoryTransport()
    const got: unknown[] = []
    const told: string[] = []
    server.onMessage((frame) => got.push(frame))
    client.onClose(() => told.push('client'))
    server.onClose(() => told.push('server'))
    const sent = { list: [1] }
    client.post(sent)
    sent.list.push(2)
    client.post('next')
    expect(got).toEqual([])
    await turn()
    expect(got).toEqual([{ list: [1] }, 'next'])
    expect(() => client.post(() => 1)).toThrow()
    client.post('on its way')
    server.close()
    server.close()
    await turn()
    expect([got.length, told.sort()]).toEqual([2, ['client', 'server']])
  })

  it('are cut once, however often', async () => {
    const { client, server, disconnect } = createMemoryTransport()
    let told = 0
    client.onClose(() => told++)
    disconnect()
    disconnect()
    await turn()
    server.close()
    await turn()
    expect(told).toBe(1)
  })
})
