import { existsSync, readFileSync } from 'node:fs'

/** False where the system has no /proc. */
export const hasProc = existsSync('/proc/self/stat')
/** Bytes of a memory page: the auxiliary vector's entry 6 (getauxval(3), AT_PAGESZ); ARM machines have 16 or 64 KiB pages too. */
const pageSize = ((): number => {
  try {
    const vector = readFileSync('/proc/self/auxv')
    for (let at = 0; at + 16 <= vector.length; at += 16)
      if (vector.readBigUInt64LE(at) === 6n) return Number(vector.readBigUInt64LE(at + 8))
  } catch {
    // No /proc: nothing is measured then.
  }
  return 4096
})()

export interface ProcessInfo {
  pid: number
  parent: number
  group: number
  /** Start time in clock ticks since boot: with the boot id it tells a process from a later one with the same pid. */
  start: string
  /** Resident memory, bytes. */
  memory: number
}

/** Identifies this boot of the machine; null where the system does not say. */
export function bootId(): string | null {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  } catch {
    return null
  }
}

function parseStat(text: string): ProcessInfo | undefined {
  // The command may hold blanks and parentheses: fields begin after the last one (proc(5)).
  const open = text.indexOf('(')
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  if (open < 0 || fields.length < 22 || fields[0] === 'Z' || fields[0] === 'X') return undefined
  return {
    pid: Number(text.slice(0, open)),
    parent: Number(fields[1]),
    group: Number(fields[2]),
    start: fields[19],
    memory: Number(fields[21]) * pageSize
  }
}

/** A live process, or undefined when it is gone or the system does not tell. */
export function processInfo(pid: number | string): ProcessInfo | undefined {
  try {
    return parseStat(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return undefined
  }
}

/** Start time of a process, or null when it is gone or the system does not tell. */
export const processStart = (pid: number): string | null => processInfo(pid)?.start ?? null
