import type { HostState, PortNotice } from '../../preload/wire/bridge'

/** A running host process; `Port` is one end of a channel as the platform has it. */
export interface HostProcess<Port> {
  send(message: { kind: string } & Record<string, unknown>, ports?: Port[]): void
  kill(): void
  onMessage(listener: (message: unknown) => void): void
  onExit(listener: (code: number) => void): void
}

export interface SupervisorOptions<Port> {
  spawn(): HostProcess<Port>
  createChannel(): { hostEnd: Port; windowEnd: Port }
  onState(state: HostState): void
  log(message: string): void
  /** Gets what else the host says, with the way to answer it. */
  onMessage?: (message: unknown, reply: HostProcess<Port>['send']) => void
  now?: () => number
  /** Most restarts within `windowMilliseconds` before the supervisor gives up. */
  maxRestarts?: number
  windowMilliseconds?: number
  firstDelayMilliseconds?: number
}

export type DeliverPort<Port> = (windowEnd: Port, notice: PortNotice) => void

export interface HostSupervisor<Port> {
  start(): void
  /** Gives the window a port now and after every restart, until the returned function is called. */
  connect(deliver: DeliverPort<Port>): () => void
  state(): HostState
  /** To the host that runs now; lost when there is none. */
  tell: HostProcess<Port>['send']
  /** Starts again after `failed`. */
  retry(): void
  /** Asks the host to close the workspace and end; kills it after `timeout`. Resolves when it is gone. */
  stop(timeoutMilliseconds?: number): Promise<void>
}

/**
 * Keeps one host alive. A window that connects before the host was started gets its port with the start; messages are
 * queued by the platform until the host listens.
 */
export function createHostSupervisor<Port>(options: SupervisorOptions<Port>): HostSupervisor<Port> {
  const { now = Date.now, maxRestarts = 5, windowMilliseconds = 60_000, firstDelayMilliseconds = 100 } = options
  const windows = new Set<DeliverPort<Port>>()
  let host: HostProcess<Port> | undefined
  let state: HostState = 'starting'
  let restarts = 0
  let recent: number[] = []
  let stopping = false
  /** Whether this host has said that it runs; before that it holds no workspace. */
  let ready = false
  let timer: NodeJS.Timeout | undefined
  const gone: (() => void)[] = []

  const change = (next: HostState) => {
    if (next === state) return
    state = next
    options.onState(next)
  }
  const handOver = (deliver: DeliverPort<Port>, reason: PortNotice['reason']) => {
    if (!host) return
    const { hostEnd, windowEnd } = options.createChannel()
    host.send({ kind: 'connect' }, [hostEnd])
    deliver(windowEnd, { reason, restarts })
  }
  const launch = (reason: PortNotice['reason']) => {
    timer = undefined
    const current = options.spawn()
    host = current
    ready = false
    current.onMessage((message) => {
      if (message !== null && typeof message === 'object' && 'kind' in message) {
        if (message.kind === 'ready') {
          ready = true
          change('running')
        } else if (message.kind === 'trouble' && 'message' in message) options.log(`host: ${String(message.message)}`)
        else options.onMessage?.(message, current.send)
      }
    })
    current.onExit((code) => exited(current, code))
    for (const deliver of windows) handOver(deliver, reason)
  }
  const exited = (which: HostProcess<Port>, code: number) => {
    if (which !== host) return
    host = undefined
    for (const wake of gone.splice(0)) wake()
    if (stopping) return
    recent = [...recent.filter((time) => now() - time < windowMilliseconds), now()]
    options.log(`the host ended unexpectedly (code ${code}), ${recent.length} time(s) within a minute`)
    if (recent.length > maxRestarts) return change('failed')
    change('restarting')
    restarts++
    timer = setTimeout(() => launch('host-restarted'), firstDelayMilliseconds * 2 ** (recent.length - 1))
  }
  return {
    start: () => {
      if (!host && !timer && !stopping && state === 'starting') launch('started')
    },
    connect: (deliver) => {
      windows.add(deliver)
      handOver(deliver, restarts > 0 ? 'host-restarted' : 'started')
      return () => windows.delete(deliver)
    },
    state: () => state,
    tell: (message) => host?.send(message),
    retry: () => {
      if (state !== 'failed' || stopping) return
      recent = []
      restarts++
      change('restarting')
      launch('host-restarted')
    },
    stop: async (timeoutMilliseconds = 10_000) => {
      stopping = true
      clearTimeout(timer)
      const current = host
      if (!current) return
      // Electron may never report the end of a process that was stopped while it was still being made (seen with 25).
      if (!ready) return void current.kill()
      const ended = new Promise<void>((done) => gone.push(done))
      current.send({ kind: 'stop' })
      let killer: NodeJS.Timeout | undefined
      const overdue = new Promise<void>((done) => {
        killer = setTimeout(() => {
          options.log('the host did not stop in time and is killed')
          current.kill()
          done()
        }, timeoutMilliseconds)
      })
      await Promise.race([ended, overdue])
      clearTimeout(killer)
    }
  }
}
