import { promises as fs } from 'node:fs'
import { fromSystemError } from '../../model/errors'
import { openKeyFile } from '../people'
import type { ExportSources } from './collect-facts'

/**
 * Who signs with a key file, and with what: the person of the workspace that the key belongs to, or the key itself where it belongs to nobody.
 * @throws WorkbenchError as openKeyFile does, FORBIDDEN for a key that may not sign any more, NOT_FOUND for the chain of its certificates
 */
export async function signerOfFile(
  people: ExportSources['people'],
  { keyPath, passphrase, chainPath }: { keyPath: string; passphrase: string; chainPath?: string }
) {
  const { key, fingerprint } = await openKeyFile(keyPath, passphrase)
  people.assertMaySign(fingerprint)
  const owner = people.holderOf(fingerprint)?.person
  const certificateChainPem =
    chainPath === undefined
      ? undefined
      : await fs.readFile(chainPath, 'utf8').catch((error: unknown) => Promise.reject(fromSystemError(error, `reading "${chainPath}"`)))
  return { name: owner?.name ?? `key ${fingerprint.slice(0, 8)}`, key, certificateChainPem, isUnowned: owner === undefined }
}
