import type { FileProblem } from '../../model/bundle'
import { WorkbenchError } from '../../model/errors'
import { hashChunks } from './file-chunks'
import { isOutsideSignature } from './file-names'
import type { ModelSignature } from './model-signature'
import { unsupported } from './model-signature'
import { printable } from '../../model/plain-text'
import type { OpenBundle } from './open-bundle'

/** Lets a caller stop the work and show how far it is. */
export interface Watch {
  signal?: AbortSignal
  /** 0 to 1 over the bytes of the bundle. */
  onProgress?: (fraction: number) => void
}

const isLeftOut = (name: string, ignored: readonly string[]) => ignored.some((path) => name === path || name.startsWith(`${path}/`))

/** @throws WorkbenchError UNSUPPORTED_VERSION when there is content that the signer left out of the list (ignore_paths) */
export function assertNothingLeftOut(bundle: OpenBundle, { resources, ignored }: Pick<ModelSignature, 'resources' | 'ignored'>): void {
  if (ignored.length === 0) return
  const listed = new Set(resources.map(({ name }) => name))
  const found = bundle
    .list()
    .find(({ name, bytes }) => bytes > 0 && !listed.has(name) && !isOutsideSignature(name) && isLeftOut(name, ignored))
  if (found)
    throw unsupported(`leaves out ${printable(found.name)} (ignore_paths), of which nobody can say whether it is as the signer had it`)
}

/** @throws WorkbenchError CANCELLED once the caller wants the work to stop */
export function assertNotCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new WorkbenchError('CANCELLED', 'The work on the bundle was stopped. Nothing was changed.')
}

/** Sees the content of the files in passing. */
export interface Onlooker {
  of(name: string): { push(chunk: Buffer): void } | undefined
}

/**
 * Compares every file with the signed list, by content. The result is empty when all files are there, unchanged, and no other is.
 * An empty file that the signer left out is none: it holds nothing that somebody could vouch for.
 */
export async function compareFiles(
  bundle: OpenBundle,
  { resources, ignored }: Pick<ModelSignature, 'resources' | 'ignored'>,
  watch: Watch,
  onlooker?: Onlooker
): Promise<FileProblem[]> {
  const listed = new Map(resources.map((resource) => [resource.name, resource.digest]))
  const present = bundle.list().filter((file) => !isOutsideSignature(file.name))
  const total = present.reduce((sum, file) => sum + file.bytes, 0)
  let done = 0
  const problems: FileProblem[] = []
  for (const { name, bytes } of present) {
    const expected = listed.get(name)
    if (expected === undefined) {
      if (isLeftOut(name, ignored) && bytes === 0) continue
      problems.push({ name, problem: 'added', expected: null, actual: null })
      continue
    }
    listed.delete(name)
    const seen = onlooker?.of(name)
    const actual = await hashChunks(bundle.chunks(name), (chunk) => {
      assertNotCancelled(watch.signal)
      seen?.push(chunk)
      watch.onProgress?.((done += chunk.length) / Math.max(1, total))
    })
    if (actual !== expected) problems.push({ name, problem: 'changed', expected, actual })
  }
  for (const [name, expected] of listed) problems.push({ name, problem: 'missing', expected, actual: null })
  return problems
}
