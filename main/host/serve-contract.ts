import { contract } from '../../preload/contract'
import { isChange, type Handlers } from '../../preload/wire/definitions'
import type { WirePort } from '../../preload/wire/port'
import { createServer, type Server, type ServerOptions } from '../../preload/wire/server'
import type { Application } from '../core/application'
import { assertAllowedPlaces } from '../core/machine-settings'
import type { Caller } from '../core/people'
import { WorkbenchError } from '../model/errors'
import { fit } from '../model/schema-words'
import type { ShellQuestions } from './ask-shell'
import { confirmPrograms, confirmTrust } from './confirm-programs'
import { handlers as ownHandlers, type WindowHandlers } from './handlers'
import { refuseOfProgram } from './of-program'
import { admitPlaces } from './page-places'
import { programContract, programHandlers, type ProgramContract } from './program-contract'

/** A program that came for the workspace that is open here. */
export interface Guest extends Pick<Caller, 'working'> {
  /** Told of each change that it asks for, when it begins (1) and when it has ended (-1). */
  changing(by: 1 | -1): void
}

export interface ServeOptions extends Omit<ServerOptions, 'admit'> {
  /** The caller is the person's own program: it names files by their paths and starts what it likes. By default it is a page. */
  mayNamePaths?: boolean
  /** The caller works in the open workspace of this program: it does not open, close or make one here, and acts for its own person. */
  guest?: Guest
  /** Who gives out places and is asked about programs; without it nothing was chosen, and nothing is allowed to start. */
  shell?: Omit<ShellQuestions, 'heard' | 'print'>
  /** What answers a page; by default the workspace that is open here. */
  handlers?: WindowHandlers
}

const noShell: Omit<ShellQuestions, 'heard' | 'print'> = {
  take: () =>
    Promise.reject(new WorkbenchError('FORBIDDEN', 'Nothing was chosen here, because there is no window. Nothing was read or written.')),
  mayStart: () => Promise.resolve(false),
  mayTrust: () => Promise.resolve(false)
}

const misfits: ServerOptions['misfits'] = (schema, value) =>
  (fit(schema, value).problems ?? []).map(({ path, message }) => ({ path: path.map(String).join('.'), message }))

/** Serves the contract of the workbench over a port. A page is the default: it names no paths, and programs are shown to a person first. */
export function serveContract(app: Application, port: WirePort, options: ServeOptions = {}): Server {
  const { mayNamePaths = false, guest, shell = noShell, handlers = ownHandlers, ...given } = options
  const rest: ServerOptions = { misfits, ...given }
  if (mayNamePaths && guest)
    return createServer(programContract, workingFor(programHandlers, guest), app, port, { ...rest, admit: admitGuest(guest) })
  if (mayNamePaths) return createServer(programContract, programHandlers, app, port, { ...rest, admit: admitAllowed })
  const programs = confirmPrograms(app, shell.mayStart, handlers)
  const places = confirmTrust(shell.mayTrust, admitPlaces(app, shell.take, handlers))
  return createServer(contract, handlers, app, port, { ...rest, admit: (call, input) => programs(call, input) ?? places(call, input) })
}

/** A program names places by their paths, which may be below the allowed folders alone. */
const admitAllowed: NonNullable<ServerOptions['admit']> = (definition, input) => {
  assertAllowedPlaces(definition.input, input)
  return undefined
}

const admitGuest =
  (guest: Guest): ServerOptions['admit'] =>
  (definition, input) => {
    refuseOfProgram(definition)
    admitAllowed(definition, input)
    if (!isChange(definition)) return undefined
    guest.changing(1)
    return Promise.resolve({ input, settle: () => guest.changing(-1) })
  }

type ProgramHandlers = Handlers<ProgramContract, Application>
type AnyHandler = (input: unknown, context: unknown) => unknown

/** Handlers whose work is that of one caller, every step of a stream too. */
function workingFor(handlers: ProgramHandlers, { working }: Guest): ProgramHandlers {
  const apart =
    (handler: AnyHandler): AnyHandler =>
    (input, context) => {
      const made = working(() => handler(input, context))
      if (made === null || typeof made !== 'object' || !(Symbol.asyncIterator in made)) return made
      const steps = made as AsyncGenerator<unknown, unknown, void>
      return { next: () => working(() => steps.next()), return: (value: unknown) => working(() => steps.return(value)) }
    }
  const features = Object.entries(handlers).map(([feature, verbs]) => [
    feature,
    Object.fromEntries(Object.entries(verbs as Record<string, AnyHandler>).map(([verb, handler]) => [verb, apart(handler)]))
  ])
  return Object.fromEntries(features) as ProgramHandlers
}
