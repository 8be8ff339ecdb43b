import type { FileProblem } from '../../model/bundle'
import { WorkbenchError } from '../../model/errors'
import { printable } from '../../model/plain-text'
import { findAmbiguousOrder, findCollision, isOutsideSignature, refuseName, uncoveredNames } from './file-names'

/** What a bundle may cost its reader at most. */
export interface BundleLimits {
  /** Sum of all file sizes in bytes. */
  totalBytes: number
  entries: number
}
export const defaultLimits: BundleLimits = { totalBytes: 8 * 1024 ** 3, entries: 100_000 }

/**
 * A bundle that must not be read further. `details.check` is the id of the check of the report, `details.files` names the culprits, made
 * safe to show: names of links and folders come here before they were looked at.
 */
export function refuseBundle(check: 'container' | 'layout', message: string, names: string[] = [], cause?: unknown): WorkbenchError {
  const files: FileProblem[] = names.map((name) => ({ name: printable(name), problem: 'refused', expected: null, actual: null }))
  return new WorkbenchError('INVALID_INPUT', `${message} Nothing was extracted. Ask the sender for a bundle that was exported again.`, {
    details: { check, files },
    cause
  })
}

/** Checks sizes, counts, names and collisions of a whole listing. @throws WorkbenchError INVALID_INPUT */
export function assertSafeListing(files: readonly { name: string; bytes: number }[], limits: BundleLimits): void {
  if (files.length > limits.entries)
    throw refuseBundle('container', `The bundle has ${files.length} files, more than the ${limits.entries} that are read.`)
  let total = 0
  for (const { name, bytes } of files) {
    const reason = refuseName(name)
    if (reason) throw refuseBundle('container', `The bundle has a file with ${reason}: ${printable(name)}.`, [name])
    total += bytes
    if (total > limits.totalBytes)
      throw refuseBundle('container', `The files of the bundle are larger than ${limits.totalBytes} bytes together.`, [name])
  }
  const names = files.map((file) => file.name)
  const collision = findCollision(names)
  if (collision)
    throw refuseBundle(
      'container',
      `Two files of the bundle have the same name on some operating systems: ${printable(collision.other)} and ${printable(collision.name)}.`,
      [collision.name]
    )
}

/** Checks what a signature could not cover or two verifiers would order differently. @throws WorkbenchError INVALID_INPUT */
export function assertSignableLayout(names: readonly string[]): void {
  const uncovered = names.filter((name) => uncoveredNames.includes((name.split('/')[0] ?? '').toLowerCase()))
  if (uncovered.length)
    throw refuseBundle('layout', `${uncovered[0]} is in the root of the bundle, where no signature covers it.`, uncovered)
  const ambiguous = findAmbiguousOrder(names.filter((name) => !isOutsideSignature(name)))
  if (ambiguous)
    throw refuseBundle(
      'layout',
      `Verifiers disagree about the order of ${ambiguous[0]} and ${ambiguous[1]}: the name of a folder begins like the name of a neighbour.`,
      ambiguous
    )
}
