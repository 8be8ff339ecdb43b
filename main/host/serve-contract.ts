import { contract } from '../../preload/contract'
import type { WirePort } from '../../preload/wire/port'
import { createServer, type Server, type ServerOptions } from '../../preload/wire/server'
import type { Application } from '../core/application'
import { WorkbenchError } from '../model/errors'
import { handlers } from './handlers'
import { admitPlaces, type TakeChosen } from './page-places'

export interface ServeOptions extends Omit<ServerOptions, 'admit'> {
  /** The caller is the person's own program and names files by their paths. By default it is a page and may not. */
  mayNamePaths?: boolean
  /** What tokens of the shell stand for; without it there is no shell, and nothing was chosen. */
  takeChosen?: TakeChosen
}

const noShell: TakeChosen = () =>
  Promise.reject(new WorkbenchError('FORBIDDEN', 'Nothing was chosen here, because there is no window. Nothing was read or written.'))

/** Serves the contract of the workbench over a port. Paths are refused from a caller unless it was created as one that may name them. */
export function serveContract(app: Application, port: WirePort, options: ServeOptions = {}): Server {
  const { mayNamePaths = false, takeChosen = noShell, ...rest } = options
  return createServer(contract, handlers, app, port, { ...rest, ...(mayNamePaths ? {} : { admit: admitPlaces(app, takeChosen) }) })
}
