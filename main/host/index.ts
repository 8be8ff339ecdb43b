import { fromNodePort } from '../../preload/wire/port'
import type { Server } from '../../preload/wire/server'
import { createApplication } from '../core/application'
import { logPlace } from '../core/program'
import { defaultUserDirectory } from '../core/user-directory'
import { setWorkerDirectory } from '../core/jobs'
import { readMachineSettings } from '../core/machine-settings'
import { installLoopbackGuard } from '../offline/loopback-guard'
import { createShellQuestions } from './ask-shell'
import { createAttachment, windowHandlers } from './attachment'
import { openDoor } from './door'
import { createHostLog, describeError } from './host-log'
import { HostOptions, ParentMessage } from './host-messages'
import { showablePath } from './page-places'
import { serveContract } from './serve-contract'

/** Time that open calls get to notice a stop before the workspace is closed under them. */
const graceMilliseconds = 3000

function startHost(): void {
  const options = HostOptions.parse(JSON.parse(process.argv[2] ?? '{}'))
  const userDirectory = options.userDirectory ?? defaultUserDirectory()
  try {
    readMachineSettings()
  } catch (error) {
    // The shell says it and ends the program, this process with it.
    return process.parentPort.postMessage({ kind: 'refused', message: error instanceof Error ? error.message : String(error) })
  }
  // Steps keep the programs that they start out of it.
  process.env.DRYDOCK_USER_DIR = userDirectory
  const log = createHostLog(logPlace(userDirectory))
  const report = (message: string, error: unknown) => {
    log('error', message, { error: describeError(error) })
    process.parentPort.postMessage({ kind: 'trouble', message: `${message}: ${error instanceof Error ? error.message : String(error)}` })
  }
  // After an uncaught exception nothing in this process can be trusted any more; main starts a new one.
  process.on('uncaughtException', (error) => {
    report('uncaught exception, the host ends', error)
    process.exit(70)
  })
  process.on('unhandledRejection', (error) => report('unhandled rejection', error))
  installLoopbackGuard((attempt) => log('warn', 'refused a connection outside this machine', { attempt }))
  setWorkerDirectory(options.workers?.directory ?? __dirname, options.workers?.node)

  const shell = createShellQuestions((message) => process.parentPort.postMessage(message))
  const application = createApplication({
    userDirectory,
    log,
    print: shell.print,
    heedsTrust: true,
    // The command line of the same person works in the workspace while the window has it open.
    async whileOpen(directory) {
      const door = await openDoor(application, directory, log)
      return () => door.close()
    }
  })
  const attachment = createAttachment(application, log)
  const handlers = windowHandlers(application, attachment)
  const servers = new Set<Server>()

  const connect = (raw: Electron.MessagePortMain) => {
    const port = fromNodePort(raw)
    const server = serveContract(application, port, {
      shell,
      handlers,
      validateOutputs: options.validateOutputs,
      onReport: ({ reportId, path, error }) => log('error', 'unexpected error', { reportId, path, error: describeError(error) })
    })
    servers.add(server)
    port.onClose(() => servers.delete(server))
  }

  let stopping = false
  const stop = async () => {
    if (stopping) return
    stopping = true
    const closed = Promise.all([...servers].map((server) => server.close()))
    await Promise.race([closed, new Promise((done) => setTimeout(done, graceMilliseconds))])
    try {
      await attachment.close()
      await application.close()
      log('info', 'host stopped')
    } catch (error) {
      report('the workspace did not close cleanly', error)
    }
    process.exit(0)
  }

  const showPlace = async (place: string) => {
    const found = await showablePath(application, handlers, place)
    if (found !== null) process.parentPort.postMessage({ kind: 'show', path: found })
  }
  process.parentPort.on('message', (event) => {
    const message = ParentMessage.safeParse(event.data)
    if (!message.success) return
    if (message.data.kind === 'stop') void stop()
    else if (message.data.kind === 'answer') shell.heard(message.data)
    else if (message.data.kind === 'find-place') void showPlace(message.data.place)
    else if (event.ports[0]) connect(event.ports[0])
  })
  log('info', 'host started', { pid: process.pid, node: process.versions.node })
  process.parentPort.postMessage({ kind: 'ready' })
}

startHost()
