import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { errorCodes, WorkbenchError } from '../../main/model/errors'
import {
  command,
  createClient,
  createMemoryTransport,
  createServer,
  query,
  stream,
  WireError,
  wireErrorCodes,
  type ErrorReport,
  type Handlers
} from './index'
import { callerFrameLimit, isLargerThan } from './frames'

const contract = {
  text: {
    upper: query({ input: z.object({ text: z.string() }), output: z.string() }),
    echo: query({ input: z.object({ value: z.unknown() }), output: z.unknown() }),
    wrongOutput: query({ input: z.object({}), output: z.number() }),
    unsendable: query({ input: z.object({}), output: z.unknown() }),
    save: command({ input: z.object({ fail: z.boolean().default(false) }), output: z.object({}), topics: ['texts'] }),
    explode: query({ input: z.object({ kind: z.string() }), output: z.null() }),
    wait: query({ input: z.object({ milliseconds: z.number() }), output: z.string() }),
    hang: query({ input: z.object({}), output: z.null() })
  },
  numbers: {
    count: stream({
      input: z.object({ to: z.number(), failAt: z.number().optional() }),
      item: z.number(),
      output: z.string(),
      topics: ['numbers']
    })
  }
}

interface Witness {
  running: number
  produced: number
  cleaned: number
}

const handlers: Handlers<typeof contract, Witness> = {
  text: {
    upper: ({ text }) => text.toUpperCase(),
    echo: ({ value }) => value,
    wrongOutput: () => 'not a number' as unknown as number,
    unsendable: () => () => 'a function',
    save: ({ fail }) => {
      if (fail) throw new WorkbenchError('DISK_FULL', 'The disk is full. Nothing was saved. Free some space.', { details: { free: 0 } })
      return {}
    },
    explode: ({ kind }) => {
      if (kind === 'type') throw new TypeError('secret path /home/someone')
      if (kind === 'string') throw 'just a string'
      const cyclic: Record<string, unknown> = {}
      cyclic.self = cyclic
      throw new WorkbenchError('CONFLICT', 'Held by somebody.', { details: cyclic })
    },
    wait: async ({ milliseconds }, { signal, workbench }) => {
      workbench.running++
      try {
        await new Promise<void>((done, stop) => {
          const timer = setTimeout(done, milliseconds)
          signal.addEventListener('abort', () => {
            clearTimeout(timer)
            stop(signal.reason as Error)
          })
        })
        return 'waited'
      } finally {
        workbench.running--
      }
    },
    hang: (_input, { signal }) => new Promise((_done, stop) => signal.addEventListener('abort', () => stop(signal.reason as Error)))
  },
  numbers: {
    async *count({ to, failAt }, { workbench }) {
      workbench.running++
      try {
        for (let n = 0; n < to; n++) {
          if (n === failAt) throw new WorkbenchError('JOB_FAILED', 'The count failed. Nothing is kept. Start again.')
          workbench.produced++
          await Promise.resolve()
          yield n
        }
        return `counted ${to}`
      } finally {
        workbench.running--
        workbench.cleaned++
      }
    }
  }
}

function connect(options: { maxInFlight?: number } = {}) {
  const transport = createMemoryTransport()
  const workbench: Witness = { running: 0, produced: 0, cleaned: 0 }
  const reports: ErrorReport[] = []
  const server = createServer(contract, handlers, workbench, transport.server, {
    validateOutputs: true,
    onReport: (report) => reports.push(report),
    ...options
  })
  return { transport, workbench, reports, server, client: createClient(contract, transport.client) }
}

const failureOf = async (promise: Promise<unknown>): Promise<WireError> => {
  try {
    await promise
  } catch (error) {
    if (error instanceof WireError) return error
    throw error
  }
  throw new Error('expected a failure')
}
/** Waits for a state, however busy the machine is. */
const until = (assertion: () => void) => vi.waitFor(assertion, { timeout: 60_000, interval: 5 })
const pause = (milliseconds: number) => new Promise((done) => setTimeout(done, milliseconds))

describe('calls', () => {
  it('answers queries and commands', async () => {
    const { client } = connect()
    expect(await client.text.upper({ text: 'dock' })).toBe('DOCK')
    expect(await client.text.save({})).toEqual({})
    expect((await failureOf(client.text.save({ fail: true }))).code).toBeTruthy()
  })

  it('carries any JSON value unchanged', async () => {
    const { client } = connect()
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (value) => {
        expect(await client.text.echo({ value })).toEqual(value)
      }),
      { numRuns: 200 }
    )
  })

  it('rejects input that does not fit, with the place', async () => {
    const { client } = connect()
    const error = await failureOf(client.text.upper({ text: 5 as unknown as string }))
    expect(error.code).toBe('INVALID_INPUT')
    expect(error.details).toMatchObject({ issues: [{ path: 'text', message: 'this does not fit' }] })
  })

  it('sends code, message and details of known errors, and nothing of unknown ones but a report id', async () => {
    const { client, reports } = connect()
    expect(await failureOf(client.text.save({ fail: true }))).toMatchObject({ code: 'DISK_FULL', details: { free: 0 } })
    expect(await failureOf(client.text.explode({ kind: 'cyclic' }))).toMatchObject({ code: 'CONFLICT', details: undefined })
    for (const kind of ['type', 'string']) {
      const error = await failureOf(client.text.explode({ kind }))
      expect(error.code).toBe('INTERNAL')
      expect(JSON.stringify([error.message, error.details])).not.toContain('secret')
      expect(reports.at(-1)).toMatchObject({ reportId: error.details?.reportId, path: 'text.explode' })
    }
  })

  it('catches a handler that returns something else than the contract says', async () => {
    const { client, reports } = connect()
    expect((await failureOf(client.text.wrongOutput({}))).code).toBe('INTERNAL')
    expect(reports).toHaveLength(1)
  })

  it('answers with an error when what a handler returns cannot be sent', async () => {
    const { client, reports, server } = connect()
    expect((await failureOf(client.text.unsendable({}))).code).toBe('INTERNAL')
    expect(reports).toHaveLength(1)
    expect(server.inFlight()).toBe(0)
  })

  it('cancels by signal, before and during the call', async () => {
    const { client, workbench, server } = connect()
    const already = AbortSignal.abort()
    expect((await failureOf(client.text.hang({}, { signal: already }))).code).toBe('CANCELLED')
    const controller = new AbortController()
    const call = client.text.wait({ milliseconds: 10_000 }, { signal: controller.signal })
    await until(() => expect(workbench.running).toBe(1))
    controller.abort()
    expect((await failureOf(call)).code).toBe('CANCELLED')
    await until(() => expect([workbench.running, server.inFlight()]).toEqual([0, 0]))
  })

  it('refuses more calls at once than it can hold', async () => {
    const { client, server } = connect({ maxInFlight: 3 })
    const held = [1, 2, 3].map(() => failureOf(client.text.hang({})))
    expect((await failureOf(client.text.upper({ text: 'x' }))).code).toBe('CONFLICT')
    await server.close()
    await Promise.all(held)
  })

  it('knows exactly the codes of the model', () => {
    expect([...wireErrorCodes].sort()).toEqual([...errorCodes].sort())
  })
})

describe('streams', () => {
  it('gives every item in order, then the result', async () => {
    const { client } = connect()
    const call = client.numbers.count({ to: 500 })
    const seen: number[] = []
    for await (const n of call) seen.push(n)
    expect(seen).toEqual(Array.from({ length: 500 }, (_, n) => n))
    expect(await call.result).toBe('counted 500')
  })

  it('comes to its end when only the result is wanted', async () => {
    const { client } = connect()
    expect(await client.numbers.count({ to: 300 }).result).toBe('counted 300')
  })

  it('gives all items when the result is taken before the loop', async () => {
    const { client } = connect()
    const call = client.numbers.count({ to: 100 })
    const { result } = call
    let seen = 0
    for await (const _ of call) seen++
    expect([seen, await result]).toEqual([100, 'counted 100'])
  })

  it('produces only a little more than is read', async () => {
    const { client, workbench } = connect()
    for await (const n of client.numbers.count({ to: 100_000 })) {
      if (n === 99) {
        await pause(50)
        expect(workbench.produced).toBeLessThan(200)
        break
      }
    }
    await until(() => expect(workbench).toMatchObject({ running: 0, cleaned: 1 }))
  })

  it('passes a failure to the loop and to the result', async () => {
    const { client } = connect()
    const call = client.numbers.count({ to: 10, failAt: 4 })
    const seen: number[] = []
    await expect(async () => {
      for await (const n of call) seen.push(n)
    }).rejects.toMatchObject({ code: 'JOB_FAILED' })
    expect(seen).toEqual([0, 1, 2, 3])
    expect((await failureOf(call.result)).code).toBe('JOB_FAILED')
  })
})

describe('hostile and lost callers', () => {
  it('drops garbage, counts it, and goes on', async () => {
    const { client, transport, server } = connect()
    const garbage = fc.oneof(
      fc.anything({ withDate: true, withMap: true, withSet: true, withTypedArray: true, maxDepth: 3 }),
      fc.record({ kind: fc.constantFrom('call', 'pull', 'cancel', 'done'), id: fc.anything(), path: fc.anything(), n: fc.anything() }),
      fc.constantFrom({ kind: 'pull', id: 99, n: 5000 }, { kind: 'call', id: 0, path: 'text.upper', input: {} }, null, 'call')
    )
    await fc.assert(
      fc.asyncProperty(fc.array(garbage, { maxLength: 20 }), async (frames) => {
        for (const frame of frames) {
          try {
            transport.client.post(frame)
          } catch {
            // Not structured-cloneable: it could not have been sent.
          }
        }
        expect(await client.text.upper({ text: 'still here' })).toBe('STILL HERE')
      }),
      { numRuns: 100 }
    )
    expect(server.dropped()).toBeGreaterThan(0)
  })

  it('finds no action by an inherited name', async () => {
    const { transport, server } = connect()
    const answers: unknown[] = []
    transport.client.onMessage((frame) => answers.push(frame))
    const paths = ['__proto__.toString', 'text.constructor', 'constructor.name', 'text', 'text.upper.call', 'toString.length', 'text.']
    paths.forEach((path, at) => transport.client.post({ kind: 'call', id: at + 1, path, input: {} }))
    await until(() => expect(answers.length).toBeGreaterThanOrEqual(paths.length))
    expect(answers).toEqual(
      paths.map(() => expect.objectContaining({ kind: 'fail', error: expect.objectContaining({ code: 'NOT_FOUND' }) }))
    )
    expect(server.inFlight()).toBe(0)
  })

  it('refuses an oversized call, and a cyclic one does not hang it', async () => {
    const { client } = connect()
    const error = await failureOf(client.text.upper({ text: 'x'.repeat(callerFrameLimit) }))
    expect(error.code).toBe('INVALID_INPUT')
    const cyclic: unknown[] = []
    cyclic.push(cyclic)
    expect(isLargerThan(cyclic, callerFrameLimit)).toBe(true)
    expect(isLargerThan(new Uint8Array(10), 100)).toBe(false)
  })

  it('holds no more than its limit when it is flooded with streams, and answers each', async () => {
    const { client, transport, workbench, server } = connect()
    let refused = 0
    transport.client.onMessage((frame) => {
      if ((frame as { kind: string }).kind === 'fail') refused++
    })
    for (let id = 1; id <= 10_000; id++) transport.client.post({ kind: 'call', id, path: 'numbers.count', input: { to: 10 } })
    await until(() => expect(refused).toBe(10_000 - 256))
    expect(server.inFlight()).toBe(256)
    await server.close()
    expect([workbench.running, server.inFlight()]).toEqual([0, 0])
    expect((await failureOf(client.text.upper({ text: 'late' }))).details).toEqual({ reason: 'disconnected' })
  })

  it('bears input that is nested a hundred thousand deep, and keys of the prototype', async () => {
    const { client, transport } = connect()
    let nested: unknown = []
    for (let depth = 0; depth < 100_000; depth++) nested = [nested]
    try {
      transport.client.post({ kind: 'call', id: 999_999, path: 'text.upper', input: nested })
    } catch {
      // Too deep to be cloned here: it could not have been sent.
    }
    const hostile = JSON.parse('{"text":"x","__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}') as {
      text: string
    }
    expect(await client.text.upper(hostile)).toBe('X')
    expect('polluted' in {}).toBe(false)
    expect(await client.text.upper({ text: 'still here' })).toBe('STILL HERE')
  })

  it('rejects what was open and what comes later when the host goes away', async () => {
    const { client, transport, workbench } = connect()
    const open = failureOf(client.text.wait({ milliseconds: 10_000 }))
    const stream = client.numbers.count({ to: 1_000_000 })
    await stream[Symbol.asyncIterator]().next()
    transport.disconnect()
    expect((await open).details).toEqual({ reason: 'disconnected' })
    expect((await failureOf(stream.result)).details).toEqual({ reason: 'disconnected' })
    expect((await failureOf(client.text.upper({ text: 'late' }))).details).toEqual({ reason: 'disconnected' })
    await until(() => expect(workbench.running).toBe(0))
  })

  it('leaks no handler over 1,000 interleaved calls, cancels and disconnects', async () => {
    const random = seededRandom(42)
    let settled = 0
    let calls = 0
    for (let round = 0; round < 10; round++) {
      const { client, transport, workbench, server } = connect()
      const open: Promise<unknown>[] = []
      // Handled at once: a rejection must not wait for the end of the round.
      const track = (call: Promise<unknown>) => open.push(call.catch((error: unknown) => error))
      for (let n = 0; n < 100; n++) {
        calls++
        const controller = new AbortController()
        const options = { signal: controller.signal }
        const dice = random()
        if (dice < 0.3) track(client.text.upper({ text: 'x' }, options))
        else if (dice < 0.6) track(client.text.wait({ milliseconds: random() * 20 }, options))
        else if (dice < 0.7) track(client.text.hang({}, options))
        else track(readSome(client.numbers.count({ to: Math.floor(random() * 200) }, options), Math.floor(random() * 200)))
        if (dice >= 0.6 || random() < 0.4) setTimeout(() => controller.abort(), random() * 30)
        if (random() < 0.2) await pause(1)
      }
      if (round % 2 === 0) setTimeout(() => transport.disconnect(), 15)
      settled += (await Promise.allSettled(open)).length
      await server.close()
      expect([workbench.running, server.inFlight()]).toEqual([0, 0])
    }
    expect([calls, settled]).toEqual([1000, 1000])
  })
})

async function readSome(items: AsyncIterable<number>, limit: number): Promise<number> {
  let seen = 0
  for await (const _ of items) if (++seen >= limit) break
  return seen
}

/** Mulberry32. */
function seededRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}
