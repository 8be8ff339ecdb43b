import { resolve } from 'node:path'
import type { z } from 'zod'
import { createClient, createMemoryTransport, WireError, type Client, type StreamCall, type WirePort } from '../../preload/wire'
import type { Application } from '../core/application'
import type { DoOptions, WorkItem } from '../core/commands'
import { openOrReach, reachHolder } from '../host/door'
import { programContract, type ProgramContract } from '../host/program-contract'
import { serveContract } from '../host/serve-contract'
import { WorkbenchError } from '../model/errors'
import { takeOver } from './acting'
import { leaveWorkspace, type CommandContext } from './command'

type Asked<I extends z.ZodType, O extends z.ZodType> = { name: string; input: I; output: O }

/** A workspace as commands see it: the contract of the window, and its commands by the objects of the core. */
export interface WorkspaceClient extends Client<ProgramContract> {
  /** Asks for a command; resolves to what the contract says it answers. */
  do<I extends z.ZodType, O extends z.ZodType>(command: Asked<I, O>, input: z.input<I>, options?: DoOptions): Promise<z.output<O>>
}

interface Entered {
  workspace: WorkspaceClient
  /** Whether anything was asked that changes the workspace. */
  hasChanged(): boolean
  leave(): Promise<void>
}

/**
 * Does work in the workspace of `-w`: through the program of this person that has it open, if one has, else by opening it here, where
 * other programs may then come in. What only read is done again when that program ends on the way.
 */
export async function inWorkspace<T>(
  context: CommandContext,
  directory: unknown,
  work: (workspace: WorkspaceClient) => Promise<T>
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    const entered = await enter(context, resolve(String(directory)))
    let error: unknown
    try {
      await sayWarnings(context, entered.workspace)
      if (context.as !== undefined) await takeOver(entered.workspace, context.as, { session: true, signal: context.signal })
      return await work(entered.workspace)
    } catch (thrown) {
      error = thrown
    } finally {
      await entered.leave()
    }
    if (!isGone(error)) throw error
    if (entered.hasChanged() || attempt === 5)
      throw new WorkbenchError(
        'JOB_FAILED',
        'The Drydock that had this workspace open has ended, and what this command had begun there with it. What was finished is kept. Run the command again.',
        { cause: error }
      )
  }
}

async function enter(context: CommandContext, directory: string): Promise<Entered> {
  const { signal } = context
  const app = await context.app()
  const holder = await openOrReach(app, directory, { signal })
  const own = holder ? undefined : ownClient(app)
  const entered = own ?? clientOver(holder!.port, asWorkbenchError)
  return {
    ...entered,
    async leave() {
      if (!own) return holder!.port.close()
      await own.leave()
      await leaveWorkspace(context)
    }
  }
}

/** What was found missing or changed when the workspace was opened, here or by who has it open. */
async function sayWarnings({ output }: CommandContext, { workspace }: WorkspaceClient): Promise<void> {
  for (const warning of (await workspace.status({})).warnings ?? []) output.note(`Warning: ${warning}`)
}

/** Asks the program of this person that has a workspace open; undefined where none has. */
export async function askHolder<T>(
  app: Application,
  directory: string,
  ask: (holder: WorkspaceClient, pid: number) => Promise<T>
): Promise<T | undefined> {
  const holder = await reachHolder(app.userDirectory, directory)
  if (!holder) return undefined
  try {
    return await ask(clientOver(holder.port, asWorkbenchError).workspace, holder.pid)
  } finally {
    holder.port.close()
  }
}

/** The workspace that is open in this process, by the same contract. */
function ownClient(app: Application): Entered {
  const transport = createMemoryTransport()
  const origins = new Map<string, unknown>()
  const server = serveContract(app, transport.server, {
    mayNamePaths: true,
    onReport: ({ reportId, error }) => origins.set(reportId, error)
  })
  return {
    ...clientOver(
      transport.client,
      (error) => (error instanceof WireError && origins.get(String(error.details?.reportId))) || asWorkbenchError(error)
    ),
    leave: () => server.close()
  }
}

/** Does work in the workspace that is open in this process. */
export async function inOwnWorkspace<T>(app: Application, work: (workspace: WorkspaceClient) => Promise<T>): Promise<T> {
  const own = ownClient(app)
  try {
    return await work(own.workspace)
  } finally {
    await own.leave()
  }
}

/** All entries of a list that is asked for page by page, at most `limit`. */
export async function everyPage<P, T>(
  limit: number,
  most: number,
  ask: (offset: number, limit: number) => Promise<P>,
  of: (page: P) => T[]
): Promise<P & { entries: T[] }> {
  const first = await ask(0, Math.min(limit, most))
  const entries = [...of(first)]
  for (let last = entries.length; last === most && entries.length < limit;) {
    const page = of(await ask(entries.length, Math.min(most, limit - entries.length)))
    entries.push(...page)
    last = page.length
  }
  return { ...first, entries }
}

type Call = (input: unknown, options?: { signal?: AbortSignal }) => Promise<unknown> | StreamCall<unknown, unknown>

/** The contract over a port; what fails there is thrown as `asError` says. */
function clientOver(port: WirePort, asError: (error: unknown) => unknown): Pick<Entered, 'workspace' | 'hasChanged'> {
  const fail = (error: unknown): never => {
    throw asError(error)
  }
  const client = createClient(programContract, port) as unknown as Record<string, Record<string, Call>>
  const told = Object.entries(client).map(([feature, verbs]) => [
    feature,
    Object.fromEntries(
      Object.entries(verbs).map(([verb, call]) => [
        verb,
        (input: unknown, options?: { signal?: AbortSignal }) => {
          const called = call(input, options)
          return 'cancel' in called ? toldStream(called, fail) : called.catch(fail)
        }
      ])
    )
  ])
  const features = Object.fromEntries(told) as typeof client
  let changed = false
  const ask = async (command: Asked<z.ZodType, z.ZodType>, input: unknown, { signal, onProgress }: DoOptions = {}): Promise<unknown> => {
    changed = true
    const [feature, verb] = command.name.split('.')
    const called = features[feature][verb](input, { signal })
    if (!('cancel' in called)) return called
    for await (const item of called) onProgress?.(item as WorkItem)
    return called.result
  }
  return { workspace: { ...features, do: ask } as unknown as WorkspaceClient, hasChanged: () => changed }
}

const toldStream = (stream: StreamCall<unknown, unknown>, fail: (error: unknown) => never): StreamCall<unknown, unknown> => ({
  async *[Symbol.asyncIterator]() {
    try {
      yield* stream
    } catch (error) {
      fail(error)
    }
  },
  get result() {
    return stream.result.catch(fail)
  },
  cancel: () => stream.cancel()
})

const isGone = (error: unknown): boolean => error instanceof WorkbenchError && error.details?.reason === 'disconnected'

const asWorkbenchError = (error: unknown): unknown =>
  error instanceof WireError ? new WorkbenchError(error.code, error.message, { details: error.details, cause: error }) : error
