import { createHash, randomUUID } from 'node:crypto'
import { promises as fs } from 'node:fs'
import { basename, join } from 'node:path'
import type { VerificationReport } from '../../model/bundle'
import { WorkbenchError } from '../../model/errors'
import type { Sha256 } from '../../model/reference'
import { digestFrom } from '../../storage/objects/durable-files'
import { openBundle } from '../bundle-format'
import { inspectBundle } from '../bundles'

export type Trust = Parameters<typeof inspectBundle>[1]

/** A bundle that holds, with its files as they were verified. */
export interface VerifiedBundle {
  report: VerificationReport
  /** NAME@VERSION by its card, else what its signature is about. */
  name: string
  /** Of each verified file. */
  digests: ReadonlyMap<string, Sha256>
  /** Writes a file into a folder and returns its path. @throws WorkbenchError DIGEST_MISMATCH where it was changed since */
  extract(name: string, folder: string): Promise<string>
}

/**
 * Verifies a bundle as `verify` does it and hands out its files while `work` goes on.
 * @throws WorkbenchError SIGNATURE_INVALID where the bundle does not hold, POLICY_DENIED where somebody whom the reader trusts rejects it
 */
export async function withVerifiedBundle<T>(
  bundle: string,
  trust: Trust,
  signal: AbortSignal | undefined,
  work: (bundle: VerifiedBundle) => Promise<T>
): Promise<T> {
  const { report, files, model: card } = await inspectBundle(bundle, trust, { signal })
  assertHolds(bundle, report)
  const digests = new Map(files.flatMap(({ path, sha256 }) => (sha256 === null ? [] : [[path, sha256] as const])))
  const opened = await openBundle(bundle)
  const extract = async (name: string, folder: string): Promise<string> => {
    // A name of its own each time: a path without its slashes might read like another, or be longer than a name can be.
    const path = join(folder, `${randomUUID()}-${basename(name).slice(-50)}`)
    const hash = createHash('sha256')
    const handle = await fs.open(path, 'wx', 0o600)
    try {
      for await (const chunk of opened.chunks(name)) {
        hash.update(chunk)
        await handle.writeFile(chunk)
      }
    } finally {
      await handle.close()
    }
    if (digestFrom(hash) === digests.get(name)) return path
    throw new WorkbenchError(
      'DIGEST_MISMATCH',
      `"${name}" was changed after the bundle was verified. Nothing was used of it. Verify the bundle again.`
    )
  }
  try {
    const name = card ? `${card.name}@${card.version}` : (report.subjectName ?? 'model')
    return await work({ report, name, digests, extract })
  } finally {
    await opened.close()
  }
}

function assertHolds(bundle: string, { verdict, summary }: VerificationReport): void {
  if (verdict === 'altered')
    throw new WorkbenchError(
      'SIGNATURE_INVALID',
      `"${bundle}" does not hold: ${summary} Its model was not run. "drydock verify" names what is wrong; ask the author for the bundle again.`
    )
  if (verdict === 'rejected')
    throw new WorkbenchError('POLICY_DENIED', `"${bundle}" is rejected: ${summary} Its model was not run. "drydock verify" says by whom.`)
}
