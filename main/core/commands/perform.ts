import type { z } from 'zod'
import { WorkbenchError } from '../../model/errors'
import type { JobKind } from '../../model/job'
import type { AuditWriter } from '../audit'
import type { Ledger } from '../../storage/ledger/ledger'
import type { WorkspaceContext } from '../workspace/context'
import { assertAllowedPlaces } from '../machine-settings'
import type { AnyCommand, Asker, Change, Deed, JobTask, Task, Work, WorkItem } from './command'
import { fit, inOneSentence } from '../../model/schema-words'

export interface DoOptions {
  signal?: AbortSignal
  onProgress?(item: WorkItem): void
}

/** Carries out commands; the only way to a change. */
export interface Do<F> {
  /** Makes a change at once; inside of a ledger transaction it joins that. */
  <I extends z.ZodType, O extends z.ZodType, R, B>(command: Change<F & Asker, I, O, R, B>, input: z.input<I>): R
  /** Does work and commits it; as a job where the command says so. */
  <I extends z.ZodType, O extends z.ZodType, R, W, B>(
    command: Task<F & Asker, I, O, R, W, B>,
    input: z.input<I>,
    options?: DoOptions
  ): Promise<R>
}

/** What the job list of a workspace is to a command that takes time. */
interface JobRunner {
  runInHost<T>(
    kind: JobKind,
    title: string,
    work: (host: {
      signal: AbortSignal
      progress(fraction: number | null, message: string): void
      subject(reference: string): void
    }) => Promise<T>,
    options: { signal?: AbortSignal }
  ): { finished: Promise<T> }
}

/** What carrying out itself works with: the record and the job list. */
export interface Engaged {
  readonly audit: Pick<AuditWriter, 'append'>
  readonly jobs: JobRunner
}

export interface Conduct<F extends Engaged> {
  /** Read at each command: they are opened after this. */
  features(): F
  context: { ledger: Pick<Ledger, 'transaction'>; changed: WorkspaceContext['changed'] }
  /** The printed name of who is at this machine. */
  asker(): string | null
  /** True where that person has a key whose passphrase was not given: the record says so. */
  isUnconfirmed?(): boolean
  /** Throws where the command cannot be carried out at all. */
  admit?(command: AnyCommand): void
}

/** The one door: input, who may, transaction, record, topics, in this order, for every command from wherever it comes. */
export function createDo<F extends Engaged>({
  features,
  context,
  asker,
  isUnconfirmed = () => false,
  admit = () => undefined
}: Conduct<F>): Do<F> {
  /** The old value, the writes and the record in one transaction; then the windows hear of it. */
  const commit = <W>(command: AnyCommand, scope: F & Asker, input: unknown, write: () => W): W => {
    const made = context.ledger.transaction(() => {
      const before: unknown = command.before?.(scope, input)
      const result = write()
      if (typeof command.event === 'string')
        for (const deed of deedsOf(command.tell?.(result, input, before, scope)))
          scope.audit.append({ ...deed, detail: detailOf(deed, scope), action: command.event, command: command.name, by: scope.by })
      return result
    })
    // A transaction holds the event loop to its end: later than this one means after the outermost one, which may be the caller's.
    queueMicrotask(() => context.changed(...command.topics, ...(typeof command.event === 'string' ? (['workspace'] as const) : [])))
    return made
  }
  const runTask = (command: Task<F & Asker, z.ZodType, z.ZodType>, scope: F & Asker, input: unknown, options: DoOptions) => {
    const workOf = (signal: AbortSignal, onProgress: (item: WorkItem) => void): Work<unknown> => ({
      signal,
      onProgress,
      commit: (write) => commit(command, scope, input, write)
    })
    const signal = options.signal ?? new AbortController().signal
    const job = 'job' in command ? (command as JobTask<F & Asker, z.ZodType, z.ZodType>).job : undefined
    if (!job)
      return command.work(
        scope,
        input,
        workOf(signal, (item) => options.onProgress?.(item))
      )
    return scope.jobs.runInHost(
      job.kind,
      job.title(input),
      async (host) => {
        const onProgress = (item: WorkItem): void => {
          host.progress(item.fraction, item.message)
          options.onProgress?.(item)
        }
        const result = await command.work(scope, input, workOf(host.signal, onProgress))
        if (job.subject) host.subject(job.subject(result))
        return result
      },
      { signal }
    ).finished
  }
  const perform = (command: AnyCommand, rawInput: unknown, options: DoOptions = {}): unknown => {
    admit(command)
    const scope: F & Asker = { ...features(), by: asker(), ...(isUnconfirmed() && { isUnconfirmed: true }) }
    if ('run' in command) {
      const input = parseInput(command, rawInput)
      return context.ledger.transaction(() => {
        command.allow.assert(scope, input)
        return commit(command, scope, input, () => command.run(scope, input))
      })
    }
    return (async () => {
      const input = parseInput(command, rawInput)
      command.allow.assert(scope, input)
      return runTask(command, scope, input, options)
    })()
  }
  return perform as Do<F>
}

const detailOf = ({ detail }: Deed, { isUnconfirmed }: Asker): Deed['detail'] => (isUnconfirmed ? { ...detail, unconfirmed: true } : detail)

const deedsOf = (told: Deed | readonly Deed[] | null | undefined): readonly Deed[] =>
  told === null || told === undefined ? [] : Array.isArray(told) ? (told as readonly Deed[]) : [told as Deed]

function parseInput(command: AnyCommand, rawInput: unknown): unknown {
  const parsed = fit(command.input as z.ZodType, rawInput)
  if (parsed.success) {
    assertAllowedPlaces(command.input as z.ZodType, parsed.data)
    return parsed.data
  }
  const issues = parsed.problems.slice(0, 20).map(({ path, message }) => ({ path: path.map(String).join('.'), message }))
  throw new WorkbenchError(
    'INVALID_INPUT',
    `The input of ${command.name} is not valid (${inOneSentence(parsed.problems)}). Nothing was done. Correct it and try again.`,
    { details: { issues } }
  )
}
