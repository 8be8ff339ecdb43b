import { MessageChannelMain, utilityProcess, type MessagePortMain } from 'electron'
import type { HostProcess } from './host-supervisor'

export interface HostProcessOptions {
  /** The built host. */
  file: string
  userDirectory: string
  validateOutputs: boolean
}

/** The name under which the host appears in process lists and in `app.getAppMetrics()`. */
export const hostServiceName = 'Drydock host'

export function spawnHostProcess(options: HostProcessOptions): HostProcess<MessagePortMain> {
  const settings = JSON.stringify({ userDirectory: options.userDirectory, validateOutputs: options.validateOutputs })
  const child = utilityProcess.fork(options.file, [settings], { serviceName: hostServiceName, stdio: 'inherit' })
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
