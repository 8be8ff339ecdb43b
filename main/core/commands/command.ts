import type { z } from 'zod'
import type { CommandShape } from '../../model/commands/shape'
import type { JobKind } from '../../model/job'

/** What the record keeps of a deed: about what, the old value and the new one. Values are small JSON; large ones are named by digest. */
export interface Deed {
  subject: string
  before?: unknown
  after?: unknown
  /** Further facts: the reason a person gave, what a result was derived from. */
  detail?: Record<string, unknown>
}

/** A command that leaves no event says why. */
export interface Unrecorded {
  readonly unrecorded: string
}
export const none = (why: string): Unrecorded => ({ unrecorded: why })

/** Who may. A rule has a name to be shown by, and throws FORBIDDEN or POLICY_DENIED with the next step. */
export interface Rule<S, I> {
  name: string
  assert(scope: S, input: I): void
}
export const anybody: Rule<unknown, unknown> = { name: 'anybody at this machine', assert: () => undefined }

/** Progress of work: a fraction of 0 to 1, or null while it cannot be told. */
export interface WorkItem {
  fraction: number | null
  message: string
}
export interface Work<W> {
  signal: AbortSignal
  onProgress(item: WorkItem): void
  /** Writes to the ledger and records the deed in one transaction; nothing of either is kept when one of them fails. */
  commit<T extends W>(write: () => T): T
}

/** What every command knows besides its features: who asked for it, by printed name. */
export interface Asker {
  readonly by: string | null
  /** The passphrase of that person's key was not given. */
  readonly isUnconfirmed?: boolean
}

interface Job<I, R> {
  kind: JobKind
  title(input: I): string
  /** Names what came of it. */
  subject?(result: R): string
}

interface CommandBase<S, I extends z.ZodType, O extends z.ZodType, W, B> extends CommandShape<I, O> {
  /** Its path in the contract, such as `people.use`. */
  name: string
  allow: Rule<S, z.output<I>>
  /** It works on the machine alone; where a workspace is open, that records it. */
  needsNoWorkspace?: true
  /** It starts work that the workspace brings with it, so it is refused while nobody here trusts the workspace. */
  runs?: true
  /** The event that it leaves, or why there is none. */
  event: string | Unrecorded
  /** The old value, read before anything is written. */
  before?(scope: S, input: z.output<I>): B
  /** What is recorded of what was done; null where nothing changed. */
  tell?(made: W, input: z.output<I>, before: B, scope: S): Deed | readonly Deed[] | null
}

/** A change that is made at once, in one transaction. Inside of another transaction it joins that. */
export interface Change<S, I extends z.ZodType, O extends z.ZodType, R = unknown, B = unknown> extends CommandBase<S, I, O, R, B> {
  run(scope: S, input: z.output<I>): R
}

/** A change that takes time: it works without a transaction and commits once, at its end. */
export interface Task<S, I extends z.ZodType, O extends z.ZodType, R = unknown, W = unknown, B = unknown> extends CommandBase<
  S,
  I,
  O,
  W,
  B
> {
  work(scope: S, input: z.output<I>, work: Work<W>): Promise<R>
}

/** A task that is listed, logged and can be cancelled as a job of the workspace. */
export interface JobTask<S, I extends z.ZodType, O extends z.ZodType, R = unknown, W = unknown, B = unknown> extends Task<
  S,
  I,
  O,
  R,
  W,
  B
> {
  job: Job<z.output<I>, R>
}

// A command is asked with its own types, and held in lists without them.
// oxlint-disable-next-line typescript/no-explicit-any
export type AnyCommand = Change<any, any, any, any, any> | Task<any, any, any, any, any, any> | JobTask<any, any, any, any, any, any>

/** Makes the definers of a feature's commands; `F` is what they work on. */
export const commandsOn = <F>() => ({
  change: <I extends z.ZodType, O extends z.ZodType, R extends z.input<O>, B>(definition: Change<F & Asker, I, O, R, B>) => definition,
  task: <I extends z.ZodType, O extends z.ZodType, R extends z.input<O>, W, B>(definition: Task<F & Asker, I, O, R, W, B>) => definition,
  job: <I extends z.ZodType, O extends z.ZodType, R extends z.input<O>, W, B>(definition: JobTask<F & Asker, I, O, R, W, B>) => definition
})
