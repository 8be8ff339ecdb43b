/** How large a package may be. A build that goes beyond it fails: raise a number here only with a reason in the commit. */
import { statSync } from 'node:fs'
import { basename } from 'node:path'
import { sizeOf } from './folders.mjs'

const MiB = 2 ** 20

/** MiB. Measured with the test runtime: 471, 177 and 150; the rest is for the present Electron, whose program is larger. */
export const budget = { folder: 600, portable: 240, debian: 180 }

/**
 * Prints a size and throws when it is beyond the budget.
 * @param {'folder' | 'portable' | 'debian'} kind
 */
export function keepBudget(kind, path) {
  const size = (kind === 'folder' ? sizeOf(path) : statSync(path).size) / MiB
  console.log(`  ${basename(path)}: ${size.toFixed(1)} MiB of ${budget[kind]} MiB`)
  if (size > budget[kind])
    throw new Error(`${basename(path)} has ${size.toFixed(1)} MiB, and the budget is ${budget[kind]} MiB. See scripts/package/budget.mjs.`)
}
