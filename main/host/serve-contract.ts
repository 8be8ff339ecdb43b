import { contract } from '../../preload/contract'
import type { WirePort } from '../../preload/wire/port'
import { createServer, type Server, type ServerOptions } from '../../preload/wire/server'
import type { Application } from '../core/application'
import { WorkbenchError } from '../model/errors'
import type { ShellQuestions } from './ask-shell'
import { confirmPrograms, confirmTrust } from './confirm-programs'
import { handlers } from './handlers'
import { refuseOfProgram } from './of-program'
import { admitPlaces } from './page-places'

export interface ServeOptions extends Omit<ServerOptions, 'admit'> {
  /** The caller is the person's own program: it names files by their paths and starts what it likes. By default it is a page. */
  mayNamePaths?: boolean
  /** The caller came for the open workspace of this program: it does not open, close or make one here. */
  onlyOpenWorkspace?: boolean
  /** Who gives out places and is asked about programs; without it nothing was chosen, and nothing is allowed to start. */
  shell?: Omit<ShellQuestions, 'heard'>
}

const noShell: Omit<ShellQuestions, 'heard'> = {
  take: () =>
    Promise.reject(new WorkbenchError('FORBIDDEN', 'Nothing was chosen here, because there is no window. Nothing was read or written.')),
  mayStart: () => Promise.resolve(false),
  mayTrust: () => Promise.resolve(false)
}

/** Serves the contract of the workbench over a port. A page is the default: it names no paths, and programs are shown to a person first. */
export function serveContract(app: Application, port: WirePort, options: ServeOptions = {}): Server {
  const { mayNamePaths = false, onlyOpenWorkspace = false, shell = noShell, ...rest } = options
  if (mayNamePaths) return createServer(contract, handlers, app, port, onlyOpenWorkspace ? { ...rest, admit: refuseOfProgram } : rest)
  const [programs, places] = [confirmPrograms(app, shell.mayStart), confirmTrust(shell.mayTrust, admitPlaces(app, shell.take))]
  return createServer(contract, handlers, app, port, { ...rest, admit: (call, input) => programs(call, input) ?? places(call, input) })
}
