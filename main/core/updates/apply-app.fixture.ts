import fs from 'node:fs'
import { writeSync } from 'node:fs'
import { applyUpdate } from './apply-update'
import { placeOf, startedAs } from './release.fixture'

/** Calls that change something on the disk. */
const changing = ['mkdir', 'rename', 'rm', 'symlink', 'writeFile', 'copyFile', 'chmod'] as const

/** Ends this process, as a power cut would, before the nth call that changes something. */
function killBefore(nth: number): () => number {
  let calls = 0
  const count = (): void => {
    if (++calls === nth) process.kill(process.pid, 'SIGKILL')
  }
  const promises = fs.promises as unknown as Record<string, (...input: unknown[]) => unknown>
  for (const name of changing) {
    const original = promises[name]!
    promises[name] = (...input) => {
      count()
      return original.apply(promises, input)
    }
  }
  const open = promises.open!
  promises.open = (path, flags, ...more) => {
    if (flags === 'wx') count()
    return open.call(promises, path, flags, ...more)
  }
  const append = fs.appendFileSync
  fs.appendFileSync = (...input: Parameters<typeof append>) => {
    count()
    append(...input)
  }
  return () => calls
}

/** Applies an update for the user of a test, in the program of the machine or a version of that user, and says how many calls changed something. */
async function main(root: string, update: string, nth: number, running?: string): Promise<void> {
  const place = running === undefined ? placeOf(root) : startedAs(placeOf(root), running)
  const calls = killBefore(nth)
  const result = await applyUpdate(place, update)
  writeSync(1, JSON.stringify({ ...result, calls: calls() }))
}

main(process.argv[2]!, process.argv[3]!, Number(process.argv[4]), process.argv[5]).catch((error: unknown) => {
  writeSync(2, String(error))
  process.exitCode = 1
})
