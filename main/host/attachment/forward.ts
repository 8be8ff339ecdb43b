import { contract } from '../../../preload/contract'
import type { StreamCall } from '../../../preload/wire/client'
import { isChange, type CallContext, type Definition } from '../../../preload/wire/definitions'
import { WireError } from '../../../preload/wire/errors'
import type { Application } from '../../core/application'
import { WorkbenchError } from '../../model/errors'
import type { WindowHandlers } from '../handlers'
import { isOfProgram } from '../of-program'
import type { Attachment, Held } from './attachment'

type Call = (input: unknown, options: { signal: AbortSignal }) => Promise<unknown> & StreamCall<unknown, unknown>
type AnyHandler = (input: unknown, context: CallContext<Application>) => unknown
type Stream = AsyncGenerator<unknown, unknown, void>

/**
 * Handlers that pass on what is about the workspace to the program that has it open, and answer here while none has. What only reads is
 * asked again of whoever holds the workspace next; a change that the end of the holder cut off is said to be.
 */
export function forwardHandlers(own: WindowHandlers, attachment: Pick<Attachment, 'present'>): WindowHandlers {
  const features = Object.entries(own).map(([feature, verbs]) => [
    feature,
    Object.fromEntries(
      Object.entries(verbs as Record<string, AnyHandler>).map(([verb, handler]) => {
        const definition = (contract as unknown as Record<string, Record<string, Definition>>)[feature][verb]
        if (isOfProgram(definition)) return [verb, handler]
        const forward: Forward = definition.kind === 'stream' ? forwardStream : forwardCall
        const ask = ({ client }: Held, input: unknown, options: { signal: AbortSignal }) =>
          (client as unknown as Record<string, Record<string, Call>>)[feature][verb](input, options)
        return [verb, forward(definition, handler, ask, attachment)]
      })
    )
  ])
  return Object.fromEntries(features) as WindowHandlers
}

type Ask<R> = (held: Held, input: unknown, options: { signal: AbortSignal }) => R
type Forward = (definition: Definition, own: AnyHandler, ask: Ask<ReturnType<Call>>, attachment: Pick<Attachment, 'present'>) => AnyHandler

/** A call that is asked of the holder, and answered here while there is none. */
export const forwardCall =
  <I, R>(
    definition: Definition,
    own: (input: I, context: CallContext<Application>) => R | Promise<R>,
    ask: Ask<Promise<R>>,
    { present }: Pick<Attachment, 'present'>
  ) =>
  async (input: I, context: CallContext<Application>): Promise<R> => {
    for (;;) {
      const held = await present()
      if (!held) return own(input, context)
      try {
        return await ask(held, input, { signal: context.signal })
      } catch (error) {
        assertAskedAgain(definition, error)
      }
    }
  }

const forwardStream: Forward = (definition, own, ask, { present }) =>
  async function* (input, context): Stream {
    const unseen = createUnseen()
    for (;;) {
      const held = await present()
      if (!held) return yield* notSeen(own(input, context) as Stream, unseen)
      try {
        const call = ask(held, input, { signal: context.signal })
        for await (const item of call) {
          const rest = unseen(item)
          if (rest !== undefined) yield rest
        }
        return await call.result
      } catch (error) {
        assertAskedAgain(definition, error)
      }
    }
  }

async function* notSeen(stream: Stream, unseen: (item: unknown) => unknown): Stream {
  try {
    for (;;) {
      const step = await stream.next()
      if (step.done) return step.value
      const rest = unseen(step.value)
      if (rest !== undefined) yield rest
    }
  } finally {
    await stream.return(undefined)
  }
}

/** A log that is followed anew begins at its start: what was told already is left out. Everything else is told as it stands. */
function createUnseen(): (item: unknown) => unknown {
  let seen = 0
  return (item) => {
    if (!isLogPage(item)) return item
    const text = Buffer.from(item.text)
    const known = Math.max(0, seen - (item.next - text.length))
    seen = Math.max(seen, item.next)
    if (known === 0) return item
    return known < text.length ? { ...item, text: text.subarray(known).toString() } : undefined
  }
}
const isLogPage = (item: unknown): item is { text: string; next: number } =>
  item !== null && typeof item === 'object' && 'text' in item && 'next' in item && typeof item.next === 'number'

/** Throws what a call failed with, unless the holder has ended and the call only read. */
function assertAskedAgain(definition: Definition, error: unknown): void {
  if (!(error instanceof WireError) || error.details?.reason !== 'disconnected') throw error
  if (!isChange(definition)) return
  throw new WorkbenchError(
    'JOB_FAILED',
    'The Drydock that had this workspace open has ended, and what was just asked for with it. What was finished is kept. Look at what is there, and do it again here.',
    { cause: error }
  )
}
