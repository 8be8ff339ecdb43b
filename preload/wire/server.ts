import type { z } from 'zod'
import type { CallContext, Contract, Definition, Handlers } from './definitions'
import { cancelled, disconnected, toErrorBody, WireError, type ErrorBody, type ErrorReport } from './errors'
import { CallAttempt, CallerFrame, callerFrameLimit, isLargerThan, serverFrameLimit, type ServerFrame } from './frames'
import type { WirePort } from './port'

/** What is wrong with a value that does not fit a schema, place by place, in words for people. */
export type Misfits = (schema: z.ZodType, value: unknown) => readonly { path: string; message: string }[]

/** The places alone: the words are those of who serves. */
const placesOnly: Misfits = (schema, value) =>
  (schema.safeParse(value).error?.issues ?? []).map(({ path }) => ({ path: path.map(String).join('.'), message: 'this does not fit' }))

export interface ServerOptions {
  /** Also check what handlers return; for development and tests. */
  validateOutputs?: boolean
  /** Gets every unexpected error, with its stack, for the log. */
  onReport?: (report: ErrorReport) => void
  /** Calls at once; more are refused with CONFLICT. */
  maxInFlight?: number
  /** Says what is wrong with an input; by default only where. */
  misfits?: Misfits
  /** Sees what a call brings before it is checked: may refuse it by throwing, or replace it. Undefined leaves it as it is. */
  admit?: (definition: Definition, input: unknown) => Promise<Admitted> | undefined
}

export interface Admitted {
  input: unknown
  /** Told once how the call ended. */
  settle(done: boolean): void
}

export interface Server {
  /** Handlers that have not returned yet, also those whose caller has gone. */
  inFlight(): number
  /** Frames that were not understood and thrown away. */
  dropped(): number
  /** Aborts every handler and resolves when all have returned. */
  close(): Promise<void>
}

interface Call {
  controller: AbortController
  /** Items the caller has asked for and not got. */
  credit: number
  wake?: () => void
  answered: boolean
}

type AnyHandler<W> = (input: unknown, context: CallContext<W>) => unknown

/** Serves a contract over a port. Every frame is untrusted: what is not understood is dropped and counted. */
export function createServer<C extends Contract, W>(
  contract: C,
  handlers: Handlers<C, W>,
  workbench: W,
  port: WirePort,
  options: ServerOptions = {}
): Server {
  const { validateOutputs = false, onReport = () => {}, maxInFlight = 256, misfits = placesOnly, admit = () => undefined } = options
  const calls = new Map<number, Call>()
  const idle: (() => void)[] = []
  let dropped = 0
  let closed = false

  const answer = (call: Call, frame: ServerFrame) => {
    if (call.answered) return
    // First the post: a value that cannot be sent throws here, and its caller must hear of that instead.
    port.post(frame)
    if (frame.kind !== 'item') call.answered = true
  }
  const failWith = (call: Call, id: number, error: ErrorBody) => answer(call, { kind: 'fail', id, error })
  const checked = (schema: z.ZodType, value: unknown): unknown => {
    if (isLargerThan(value, serverFrameLimit)) throw new Error('The answer is larger than a frame may be; the caller must ask for a page.')
    return validateOutputs ? schema.parse(value) : value
  }

  const perform = async (id: number, path: string, rawInput: unknown, call: Call) => {
    const { definition, handler } = find(contract, handlers, path)
    const admission = admit(definition, rawInput)
    if (!admission) return carryOut(id, path, call, definition, handler, rawInput)
    const { input, settle } = await admission
    let done = false
    try {
      const value = await carryOut(id, path, call, definition, handler, input)
      done = true
      return value
    } finally {
      settle(done)
    }
  }
  const carryOut = async (id: number, path: string, call: Call, definition: Definition, handler: AnyHandler<W>, rawInput: unknown) => {
    const input = parseInput(path, definition, rawInput, misfits)
    const returned = handler(input, { signal: call.controller.signal, workbench })
    if (definition.kind !== 'stream') return checked(definition.output, await returned)
    const post = (item: unknown): void => answer(call, { kind: 'item', id, value: checked(definition.item, item) })
    return checked(definition.output, await runStream(returned as AsyncGenerator<unknown, unknown, void>, call, post))
  }

  const start = async (id: number, path: string, input: unknown) => {
    const call: Call = { controller: new AbortController(), credit: 0, answered: false }
    calls.set(id, call)
    try {
      const value = await perform(id, path, input, call)
      answer(call, { kind: 'done', id, value })
    } catch (error) {
      // Whoever was aborted has been told, and what it says of its end is no report.
      if (!call.controller.signal.aborted) failWith(call, id, toErrorBody(error, path, onReport))
    } finally {
      calls.delete(id)
      if (calls.size === 0) for (const wake of idle.splice(0)) wake()
    }
  }

  /** The caller hears of it at once; the handler is counted until it has really returned. */
  const abort = (id: number, call: Call, why: ErrorBody) => {
    call.controller.abort(new WireError(cancelled()))
    failWith(call, id, why)
    call.wake?.()
  }

  const receive = (raw: unknown) => {
    const parsed = isLargerThan(raw, callerFrameLimit) ? undefined : CallerFrame.safeParse(raw)
    if (closed || !parsed?.success) {
      dropped++
      // A call that was only too large has a caller who waits, so it is told; garbage has none.
      const { data: attempt } = CallAttempt.safeParse(raw)
      if (!closed && attempt && !calls.has(attempt.id))
        port.post({ kind: 'fail', id: attempt.id, error: malformed() } satisfies ServerFrame)
      return
    }
    const frame = parsed.data
    const call = calls.get(frame.id)
    if (frame.kind === 'call') {
      if (call) dropped++
      else if (calls.size >= maxInFlight) port.post({ kind: 'fail', id: frame.id, error: tooMany(maxInFlight) } satisfies ServerFrame)
      else void start(frame.id, frame.path, frame.input)
    } else if (call && frame.kind === 'cancel') abort(frame.id, call, cancelled())
    else if (call && frame.kind === 'pull') {
      call.credit = Math.min(call.credit + frame.n, 4096)
      call.wake?.()
    }
  }
  /** Whoever waits did not ask for the end: it hears that the other side went. */
  const abortAll = () => {
    closed = true
    for (const [id, call] of calls) abort(id, call, disconnected())
  }
  port.onMessage(receive)
  port.onClose(abortAll)
  return {
    inFlight: () => calls.size,
    dropped: () => dropped,
    close: async () => {
      abortAll()
      if (calls.size > 0) await new Promise<void>((done) => idle.push(done))
      port.close()
    }
  }
}

/** What a call asks for. Throws NOT_FOUND. */
function find<C extends Contract, W>(contract: C, handlers: Handlers<C, W>, path: string) {
  const [feature, verb, ...rest] = path.split('.')
  const has = (side: Contract | Handlers<C, W>): boolean => Object.hasOwn(side, feature) && Object.hasOwn(side[feature], verb)
  if (rest.length > 0 || !has(contract) || !has(handlers))
    throw new WireError({ code: 'NOT_FOUND', message: `The workbench has no action named "${path}". Is the window newer than its host?` })
  return { definition: contract[feature][verb] as Definition, handler: handlers[feature][verb] as AnyHandler<W> }
}

function parseInput(path: string, definition: Definition, rawInput: unknown, misfits: Misfits): unknown {
  const input = definition.input.safeParse(rawInput)
  if (!input.success) throw new WireError(invalidInput(path, misfits(definition.input, rawInput)))
  return input.data
}

/** Posts items as far as the caller asked for them; returns what the generator returned, and ends it in any case. */
async function runStream(generator: AsyncGenerator<unknown, unknown, void>, call: Call, post: (item: unknown) => void): Promise<unknown> {
  const { signal } = call.controller
  try {
    for (;;) {
      while (call.credit === 0 && !signal.aborted) await new Promise<void>((wake) => (call.wake = wake))
      if (signal.aborted) throw new WireError(cancelled())
      const step = await generator.next()
      if (step.done) return step.value
      call.credit--
      post(step.value)
    }
  } finally {
    await generator.return(undefined)
  }
}

function invalidInput(path: string, problems: ReturnType<Misfits>): ErrorBody {
  const issues = problems.slice(0, 20)
  const [first] = issues
  const where = first && first.path !== '' && !first.message.includes(`"${first.path}"`) ? `"${first.path}": ` : ''
  return {
    code: 'INVALID_INPUT',
    message: `The input of ${path} is not valid (${where}${first?.message.replace(/\.$/, '') ?? 'unknown reason'}). Nothing was done. Correct it and try again.`,
    details: { issues }
  }
}

const tooMany = (limit: number): ErrorBody => ({
  code: 'CONFLICT',
  message: `More than ${limit} actions are waiting already. This one was not started. Wait until some have finished.`
})

const malformed = (): ErrorBody => ({
  code: 'INVALID_INPUT',
  message: 'The request is malformed or larger than a request may be. Nothing was done. Send large content as a file.'
})
