import { execFile } from 'node:child_process'
import { promises as fs } from 'node:fs'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { hasProc, processInfo, processStart, type ProcessInfo } from '../../storage/process-identity'

/** The environment variable by which every process of an attempt can be found, whatever it did to its group or parents. */
export const TOKEN_VARIABLE = 'DRYDOCK_ATTEMPT'
/** Processes read in one turn of the event loop: a few milliseconds of it. */
const PROCESSES_A_TURN = 128

/** All live processes; empty where there is no /proc. Zombies are left out: they hold nothing. */
export async function listProcesses(): Promise<ProcessInfo[]> {
  if (!hasProc) return []
  const pids = (await fs.readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const found: ProcessInfo[] = []
  // Read at once: nothing here waits for a disk, and to ask for each file by a promise costs many times what reading it does.
  for (const [index, pid] of pids.entries()) {
    if (index % PROCESSES_A_TURN === PROCESSES_A_TURN - 1) await nextTurn()
    const info = processInfo(pid)
    if (info) found.push(info)
  }
  return found
}

/** A part of an attempt (a script under its worker) carries the attempt's token with a suffix, so that it can be killed by itself. */
const isMarked = (token: string | undefined, tokens: ReadonlySet<string>): boolean =>
  token !== undefined && (tokens.has(token) || tokens.has(token.split('.')[0]))

async function tokenOf(pid: number): Promise<string | undefined> {
  try {
    const environment = await fs.readFile(`/proc/${pid}/environ`, 'latin1')
    const entry = environment.split('\0').find((item) => item.startsWith(`${TOKEN_VARIABLE}=`))
    return entry?.slice(TOKEN_VARIABLE.length + 1)
  } catch {
    // Somebody else's process, or one that just ended.
    return undefined
  }
}

/** Processes below one of the roots (by parent) and in its process group. */
export function collectTree(processes: readonly ProcessInfo[], roots: ReadonlySet<number>): ProcessInfo[] {
  const children = new Map<number, ProcessInfo[]>()
  for (const info of processes) {
    const siblings = children.get(info.parent)
    if (siblings) siblings.push(info)
    else children.set(info.parent, [info])
  }
  const tree = new Map<number, ProcessInfo>()
  const pending = processes.filter((info) => roots.has(info.pid) || roots.has(info.group))
  while (pending.length) {
    const info = pending.pop()!
    if (tree.has(info.pid)) continue
    tree.set(info.pid, info)
    pending.push(...(children.get(info.pid) ?? []))
  }
  return [...tree.values()]
}

/** Whether a process may have been started by one that started then: most of a machine's processes are older and need no further look. */
const isSince = (info: ProcessInfo, start: string | null | undefined): boolean => !start || Number(info.start) >= Number(start)

/** Follows the processes of one attempt for as long as it runs. */
export interface TreeWatch {
  /** Looks once; resident memory of all its processes, bytes. */
  look(): Promise<number>
  /** Every process that was ever seen to belong to it: pid to start time. */
  readonly seen: ReadonlyMap<number, string>
}

/**
 * Watches what hangs below a root, is in its group, carries the token, or was seen to do so before: a child that drops its parent, its
 * group and its environment one after the other still counts.
 */
export function watchTree(root: number, token: string): TreeWatch {
  const tokens = new Set([token])
  const rootStart = processStart(root)
  const seen = new Map<number, string>(rootStart === null ? [] : [[root, rootStart]])
  /** Environments do not lose the token by themselves, so each process is asked once. */
  let asked = new Map<string, boolean>()
  return {
    seen,
    async look() {
      const processes = await listProcesses()
      const marks = await Promise.all(
        processes.map(async (info) => {
          const key = `${info.pid} ${info.start}`
          return [key, asked.get(key) ?? (isSince(info, rootStart) && isMarked(await tokenOf(info.pid), tokens))] as const
        })
      )
      asked = new Map(marks)
      const roots = new Set([root])
      for (const info of processes) if (asked.get(`${info.pid} ${info.start}`) || seen.get(info.pid) === info.start) roots.add(info.pid)
      const tree = collectTree(processes, roots).filter((info) => info.pid !== process.pid)
      for (const info of tree) seen.set(info.pid, info.start)
      return tree.reduce((sum, info) => sum + info.memory, 0)
    }
  }
}

function signal(pid: number): boolean {
  try {
    process.kill(pid, 'SIGKILL')
    return true
  } catch {
    return false
  }
}

/**
 * Kills every process that carries one of the tokens, what hangs below a root, and what was seen to belong to it. Process group, walk by
 * parent and sweep by token together, repeated until nothing is found: each alone leaves survivors of a child that forks, changes its
 * group or drops its parent. Returns how many processes were signalled. Never touches this process.
 */
export async function killTree(tokens: ReadonlySet<string>, root?: number, seen: ReadonlyMap<number, string> = new Map()): Promise<number> {
  if (!hasProc) return root === undefined ? 0 : killWithoutProc(root)
  const killed = new Set<number>()
  const since = root === undefined ? undefined : seen.get(root)
  for (let pass = 0; pass < 40; pass++) {
    const processes = await listProcesses()
    const roots = new Set(root === undefined ? [] : [root])
    await Promise.all(
      processes.map(async (info) => {
        if (seen.get(info.pid) === info.start || (isSince(info, since) && isMarked(await tokenOf(info.pid), tokens))) roots.add(info.pid)
      })
    )
    const targets = collectTree(processes, roots).filter((info) => info.pid !== process.pid)
    if (targets.length === 0) break
    for (const { pid } of targets) if (signal(pid)) killed.add(pid)
    await new Promise((resolve) => setTimeout(resolve, 5 + pass))
  }
  return killed.size
}

async function killWithoutProc(root: number): Promise<number> {
  if (process.platform === 'win32') {
    await new Promise<void>((resolve) => execFile('taskkill', ['/pid', String(root), '/T', '/F'], () => resolve()))
    return 1
  }
  return signal(-root) || signal(root) ? 1 : 0
}

/** Live processes that carry one of the tokens. */
export async function findByToken(tokens: ReadonlySet<string>): Promise<number[]> {
  const processes = await listProcesses()
  const found = await Promise.all(processes.map(async ({ pid }) => ({ pid, token: await tokenOf(pid) })))
  return found.filter(({ token }) => isMarked(token, tokens)).map(({ pid }) => pid)
}
