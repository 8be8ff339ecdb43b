import type { z } from 'zod'

/** A read without side effects; the window may repeat and cache it. */
export interface QueryDefinition<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> {
  kind: 'query'
  input: I
  output: O
}
/** A change. `topics` names whose cached queries become stale. */
export interface CommandDefinition<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> {
  kind: 'command'
  input: I
  output: O
  topics: readonly string[]
}
/** Many items, then one result; the reader pulls, so a slow window never floods. Progress is an item. */
export interface StreamDefinition<I extends z.ZodType = z.ZodType, T extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> {
  kind: 'stream'
  input: I
  item: T
  output: O
  topics: readonly string[]
}
export type Definition = QueryDefinition | CommandDefinition | StreamDefinition
/** Whether what is called may change something, and not only read. */
export const isChange = (definition: Definition): boolean =>
  definition.kind === 'command' || (definition.kind === 'stream' && definition.topics.length > 0)
/** The contract is a tree of two levels: feature, then verb (`jobs.submit`). */
export type Contract = Record<string, Record<string, Definition>>

export const query = <I extends z.ZodType, O extends z.ZodType>(d: { input: I; output: O }): QueryDefinition<I, O> => ({
  kind: 'query',
  ...d
})
export const command = <I extends z.ZodType, O extends z.ZodType>(d: {
  input: I
  output: O
  topics?: readonly string[]
}): CommandDefinition<I, O> => ({ kind: 'command', topics: [], ...d })
export const stream = <I extends z.ZodType, T extends z.ZodType, O extends z.ZodType>(d: {
  input: I
  item: T
  output: O
  topics?: readonly string[]
}): StreamDefinition<I, T, O> => ({ kind: 'stream', topics: [], ...d })

export type InputOf<D extends Definition> = z.output<D['input']>
export type CallerInputOf<D extends Definition> = z.input<D['input']>
export type OutputOf<D extends Definition> = z.output<D['output']>
export type ItemOf<D extends Definition> = D extends StreamDefinition<z.ZodType, infer T, z.ZodType> ? z.output<T> : never

/** What a handler is given besides its input; the signal fires on cancel, on disconnect and when the host stops. */
export interface CallContext<W> {
  signal: AbortSignal
  workbench: W
}
export type Handler<D extends Definition, W> = D extends StreamDefinition
  ? (input: InputOf<D>, context: CallContext<W>) => AsyncGenerator<ItemOf<D>, OutputOf<D>, void>
  : (input: InputOf<D>, context: CallContext<W>) => Promise<OutputOf<D>> | OutputOf<D>
/** One handler for every path; the type fails to compile when one is missing. */
export type Handlers<C extends Contract, W> = { [F in keyof C]: { [V in keyof C[F]]: Handler<C[F][V], W> } }
