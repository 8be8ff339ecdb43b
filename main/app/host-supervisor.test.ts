import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { HostState, PortNotice } from '../../preload/wire/bridge'
import { createHostSupervisor, type HostProcess } from './host-supervisor'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function createFixture() {
  const hosts: { sent: string[]; exit(code: number): void; ready(): void; killed: boolean }[] = []
  const states: HostState[] = []
  let channels = 0
  const supervisor = createHostSupervisor<string>({
    spawn: (): HostProcess<string> => {
      const exits: ((code: number) => void)[] = []
      const messages: ((message: unknown) => void)[] = []
      const host = {
        sent: [] as string[],
        killed: false,
        exit: (code: number) => exits.forEach((listener) => listener(code)),
        ready: () => messages.forEach((listener) => listener({ kind: 'ready' }))
      }
      hosts.push(host)
      return {
        send: (message, ports = []) => host.sent.push([message.kind, ...ports].join(' ')),
        kill: () => {
          host.killed = true
          host.exit(137)
        },
        onMessage: (listener) => messages.push(listener),
        onExit: (listener) => exits.push(listener)
      }
    },
    createChannel: () => {
      channels++
      return { hostEnd: `host${channels}`, windowEnd: `window${channels}` }
    },
    onState: (state) => states.push(state),
    log: () => {}
  })
  const delivered: [string, PortNotice][] = []
  return { supervisor, hosts, states, delivered, deliver: (port: string, notice: PortNotice) => void delivered.push([port, notice]) }
}

describe('the host supervisor', () => {
  it('gives each window a port at once, before the host is ready', () => {
    const { supervisor, hosts, states, delivered, deliver } = createFixture()
    supervisor.start()
    supervisor.connect(deliver)
    expect(hosts[0].sent).toEqual(['connect host1'])
    expect(delivered).toEqual([['window1', { reason: 'started', restarts: 0 }]])
    hosts[0].ready()
    expect(states).toEqual(['running'])
  })

  it('gives a window that was there first its port with the start, and starts only once', () => {
    const { supervisor, hosts, delivered, deliver } = createFixture()
    supervisor.connect(deliver)
    expect(delivered).toEqual([])
    supervisor.start()
    supervisor.start()
    expect(hosts).toHaveLength(1)
    expect(delivered).toEqual([['window1', { reason: 'started', restarts: 0 }]])
  })

  it('starts a dead host again and tells the windows that are still open', () => {
    const { supervisor, hosts, states, delivered, deliver } = createFixture()
    supervisor.start()
    supervisor.connect(deliver)
    let forClosedWindow = 0
    supervisor.connect(() => void forClosedWindow++)()
    hosts[0].ready()
    hosts[0].exit(137)
    vi.advanceTimersByTime(100)
    expect(hosts).toHaveLength(2)
    expect(delivered.at(-1)).toEqual(['window3', { reason: 'host-restarted', restarts: 1 }])
    expect(forClosedWindow).toBe(1)
    hosts[1].ready()
    expect(states).toEqual(['running', 'restarting', 'running'])
  })

  it('waits longer each time and gives up after five restarts within a minute', () => {
    const { supervisor, hosts, states } = createFixture()
    supervisor.start()
    const waits: number[] = []
    for (let death = 1; death <= 5; death++) {
      hosts.at(-1)!.exit(1)
      let waited = 0
      while (hosts.length === death) {
        vi.advanceTimersByTime(50)
        waited += 50
      }
      waits.push(waited)
    }
    expect(waits).toEqual([100, 200, 400, 800, 1600])
    hosts.at(-1)!.exit(1)
    vi.advanceTimersByTime(120_000)
    expect(hosts).toHaveLength(6)
    expect(states.at(-1)).toBe('failed')
    supervisor.retry()
    expect(hosts).toHaveLength(7)
  })

  it('forgets deaths that are older than a minute', () => {
    const { supervisor, hosts, states } = createFixture()
    supervisor.start()
    for (let death = 1; death <= 20; death++) {
      hosts.at(-1)!.exit(1)
      vi.advanceTimersByTime(61_000)
    }
    expect(hosts).toHaveLength(21)
    expect(states).not.toContain('failed')
  })

  it('does not wait for a host that has not come up yet', async () => {
    const { supervisor, hosts } = createFixture()
    supervisor.start()
    await supervisor.stop()
    expect([hosts[0].killed, hosts[0].sent]).toEqual([true, []])
  })

  it('stops gently, does not restart, and kills what does not listen', async () => {
    const { supervisor, hosts } = createFixture()
    supervisor.start()
    hosts[0].ready()
    const gentle = supervisor.stop()
    expect(hosts[0].sent).toEqual(['stop'])
    hosts[0].exit(0)
    await gentle
    vi.advanceTimersByTime(60_000)
    expect([hosts.length, hosts[0].killed]).toEqual([1, false])

    const other = createFixture()
    other.supervisor.start()
    other.hosts[0].ready()
    const forced = other.supervisor.stop(500)
    vi.advanceTimersByTime(500)
    await forced
    expect(other.hosts[0].killed).toBe(true)
  })
})
