import { MessageChannelMain, utilityProcess, type MessagePortMain } from 'electron'
import type { HostProcess } from './host-supervisor'

export interface HostProcessOptions {
  /** The built host. */
  file: string
  userDirectory: string
  validateOutputs: boolean
  /** Where the programs of the workers lie and the Node that runs them, in a package. */
  workers?: { directory: string; node: string }
}

/** The name under which the host appears in process lists and in `app.getAppMetrics()`. */
export const hostServiceName = 'Drydock host'

export function spawnHostProcess(options: HostProcessOptions): HostProcess<MessagePortMain> {
  const { file, ...settings } = options
  const child = utilityProcess.fork(file, [JSON.stringify(settings)], { serviceName: hostServiceName, stdio: 'inherit' })
  return {
    send: (message, ports = []) => child.postMessage(message, ports),
    kill: () => child.kill(),
    onMessage: (listener) => child.on('message', listener),
    onExit: (listener) => child.on('exit', listener)
  }
}

export function createHostChannel(): { hostEnd: MessagePortMain; windowEnd: MessagePortMain } {
  const { port1, port2 } = new MessageChannelMain()
  return { hostEnd: port1, windowEnd: port2 }
}
