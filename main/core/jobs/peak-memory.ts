import { readFileSync } from 'node:fs'

/** Highest resident memory of this process so far, bytes. */
export function ownPeakMemory(): number {
  try {
    // The kernel's own high-water mark where there is one: rusage of a fresh process can still hold the parent's.
    const line = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync('/proc/self/status', 'utf8'))
    if (line) return Number(line[1]) * 1024
  } catch {
    // Not Linux.
  }
  return process.resourceUsage().maxRSS * 1024
}
