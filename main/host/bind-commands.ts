import type { z } from 'zod'
import type { CallContext } from '../../preload/wire/definitions'
import type { Application } from '../core/application'
import type { AnyCommand, DoOptions, WorkItem } from '../core/commands'
import { progressItems } from './progress-items'

type Result<C> = C extends { run(...parameters: never[]): infer R }
  ? R
  : C extends { work(...parameters: never[]): Promise<infer R> }
    ? R
    : never
/** What the wire calls: one that is a job streams its progress, the others answer. */
type Bound<C extends AnyCommand> = (
  input: z.output<C['input']>,
  context: CallContext<Application>
) => C extends { job: object } ? AsyncGenerator<WorkItem, Result<C>, void> : C extends { work: unknown } ? Promise<Result<C>> : Result<C>

/** The handlers of a feature's commands; the commands themselves do everything. */
export function bindCommands<T extends Record<string, AnyCommand>>(commands: T): { [V in keyof T]: Bound<T[V]> } {
  const handlers = Object.entries(commands).map(([verb, command]) => [
    verb,
    (input: unknown, { workbench: app, signal }: CallContext<Application>): unknown => {
      if (!('job' in command)) return carryOut(app, command, input, { signal })
      return progressItems<WorkItem, unknown>(async (onProgress) => carryOut(app, command, input, { signal, onProgress }))
    }
  ])
  return Object.fromEntries(handlers) as { [V in keyof T]: Bound<T[V]> }
}

const carryOut = (app: Application, command: AnyCommand, input: unknown, options: DoOptions): unknown =>
  (app.do as (command: AnyCommand, input: unknown, options: DoOptions) => unknown)(command, input, options)
