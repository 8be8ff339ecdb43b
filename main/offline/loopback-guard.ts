import dgram from 'node:dgram'
import dns from 'node:dns'
import net from 'node:net'
import { WorkbenchError } from '../model/errors'

/** Called for each refused attempt, so that it reaches the log as well as the code that tried. */
export type OnRefused = (attempt: string) => void

const loopbackNames = new Set(['localhost', 'ip6-localhost', 'ip6-loopback'])

/** Whether a host name or address stays on this machine: 127.0.0.0/8, ::1 (also IPv4-mapped), or a loopback name. */
export function isLoopback(host: string): boolean {
  const name = host.toLowerCase().replace(/^\[|\]$/g, '')
  if (loopbackNames.has(name)) return true
  if (net.isIPv4(name)) return name.startsWith('127.')
  if (!net.isIPv6(name)) return false
  return /^[0:]*:0*1$/.test(name) || /^[0:]*:ffff:127(\.\d+){3}$/.test(name)
}

function refusal(attempt: string): WorkbenchError {
  return new WorkbenchError(
    'FORBIDDEN',
    `Drydock works offline and refused a connection outside this machine (${attempt}). Nothing was sent. Bring what is needed as a file.`,
    { details: { attempt } }
  )
}

let installed = false

/**
 * Makes this process unable to reach anything but loopback through Node's own modules (net, tls, http, fetch, dns,
 * dgram). Chromium's network stack and DuckDB have locks of their own; the operating system's view is tested by strace.
 */
export function installLoopbackGuard(onRefused: OnRefused = () => {}): void {
  if (installed) return
  installed = true
  const refuse = (attempt: string): WorkbenchError => {
    onRefused(attempt)
    return refusal(attempt)
  }
  guardSockets(refuse)
  guardServers(refuse)
  guardDatagrams(refuse)
  guardNames(refuse)
}

type Refuse = (attempt: string) => WorkbenchError
type Loose = (this: unknown, ...args: unknown[]) => unknown

/** Replaces a method by one that sees the arguments first; a returned function runs instead of the original. */
function intercept(target: object, name: string, check: (self: unknown, args: unknown[]) => (() => unknown) | undefined): void {
  const original: unknown = Reflect.get(target, name)
  if (typeof original !== 'function') return
  const replacement: Loose = function (...args) {
    const instead = check(this, args)
    return instead ? instead() : (original as Loose).apply(this, args)
  }
  Reflect.set(target, name, replacement)
}

/** The options of connect and listen come as (options), (port, host), (path), or an array that Node has normalised already. */
function endpointOf(args: unknown[]): { path?: string; host?: string; port?: unknown } {
  const first = Array.isArray(args[0]) ? (args[0] as unknown[])[0] : args[0]
  if (first !== null && typeof first === 'object') return first as { path?: string; host?: string; port?: unknown }
  if (typeof first === 'string' && !/^\d+$/.test(first)) return { path: first }
  return { port: first, host: typeof args[1] === 'string' ? args[1] : undefined }
}

function guardSockets(refuse: Refuse): void {
  intercept(net.Socket.prototype, 'connect', (self, args) => {
    const { path, host, port } = endpointOf(args)
    if (path || isLoopback(host ?? 'localhost')) return undefined
    const error = refuse(`connect ${host}:${String(port)}`)
    return () => {
      // As a real attempt looks until it fails, so that writers wait. Not before the callers above have attached their listeners: http does that in a later tick.
      Reflect.set(self as net.Socket, 'connecting', true)
      setImmediate(() => (self as net.Socket).destroy(error))
      return self
    }
  })
}

function guardServers(refuse: Refuse): void {
  intercept(net.Server.prototype, 'listen', (self, args) => {
    const first = args[0]
    const hasHandle = first !== null && typeof first === 'object' && ('fd' in first || '_handle' in first)
    const { path, host, port } = endpointOf(args)
    if (path || hasHandle || (host !== undefined && isLoopback(host))) return undefined
    const error = refuse(`listen ${host ?? 'on all interfaces'}:${String(port)}`)
    return () => {
      process.nextTick(() => (self as net.Server).emit('error', error))
      return self
    }
  })
}

function guardDatagrams(refuse: Refuse): void {
  const addressIn = (args: unknown[]) => args.filter((each): each is string => typeof each === 'string').at(-1)
  const fail = (self: unknown, args: unknown[], error: WorkbenchError) => () => {
    const callback = args.at(-1)
    process.nextTick(() => (typeof callback === 'function' ? (callback as Loose)(error) : (self as dgram.Socket).emit('error', error)))
  }
  intercept(dgram.Socket.prototype, 'send', (self, args) => {
    // The first argument is the message, which may be text; without an address it goes to localhost or where it is connected to.
    const address = addressIn(args.slice(1)) ?? 'localhost'
    if (!isLoopback(address)) return fail(self, args, refuse(`send a datagram to ${address}`))
    bindToLoopback(self as dgram.Socket)
    return undefined
  })
  intercept(dgram.Socket.prototype, 'connect', (self, args) => {
    const address = addressIn(args) ?? 'localhost'
    return isLoopback(address) ? undefined : fail(self, args, refuse(`connect a datagram socket to ${address}`))
  })
  intercept(dgram.Socket.prototype, 'bind', (self, args) => {
    const options = args[0] !== null && typeof args[0] === 'object' ? (args[0] as { address?: string }) : undefined
    const address = options ? options.address : addressIn(args)
    if (address !== undefined && isLoopback(address)) return undefined
    const error = refuse(`bind a datagram socket to ${address ?? 'all interfaces'}`)
    return () => {
      process.nextTick(() => (self as dgram.Socket).emit('error', error))
      return self
    }
  })
}

/** Node binds a sender that is not bound yet to all interfaces; this comes first. */
function bindToLoopback(socket: dgram.Socket): void {
  try {
    socket.address()
  } catch {
    try {
      const address = 'type' in socket && socket.type === 'udp6' ? '::1' : '127.0.0.1'
      socket.bind({ port: 0, address, exclusive: true })
    } catch {
      // It is being bound already, or closed, which send reports itself.
    }
  }
}

function guardNames(refuse: Refuse): void {
  const names = Object.keys(dns).filter((name) => /^(lookup|lookupService|resolve\w*|reverse)$/.test(name))
  const targetOf = (args: unknown[]) => String(args[0] ?? 'localhost')
  const harmless = (name: string) => name === '' || isLoopback(name)
  for (const name of names) {
    for (const target of [dns, dns.Resolver.prototype])
      intercept(target, name, (_self, args) => {
        if (harmless(targetOf(args)) || (name === 'lookup' && net.isIP(targetOf(args)))) return undefined
        const error = refuse(`look up ${targetOf(args)}`)
        const callback = args.at(-1)
        return () => process.nextTick(() => (callback as Loose)(error))
      })
    for (const target of [dns.promises, dns.promises.Resolver.prototype])
      intercept(target, name, (_self, args) => {
        if (harmless(targetOf(args)) || (name === 'lookup' && net.isIP(targetOf(args)))) return undefined
        const error = refuse(`look up ${targetOf(args)}`)
        return () => Promise.reject(error)
      })
  }
}
