import { Moment } from '../model/commands/bundles'
import { WorkbenchError } from '../model/errors'
import { authorFlags, type AuthorOptions } from './trust-options'

/**
 * What was given of the options of trust, as commands take it.
 * @throws WorkbenchError INVALID_INPUT
 */
export function readTrustOptions(options: Record<string, unknown>, { key, ca }: AuthorOptions) {
  const { identity, trust, tsa, crl, at } = options
  if (identity !== undefined && options[ca] === undefined && trust === undefined)
    throw new WorkbenchError(
      'INVALID_INPUT',
      `--identity says whose certificate counts under ${authorFlags[ca]}, which is missing. Nothing was done.`
    )
  const time = at === undefined ? undefined : Moment.safeParse(at)
  if (time && !time.success)
    throw new WorkbenchError('INVALID_INPUT', `--at takes a moment such as 2026-11-29T12:00:00Z, not "${String(at)}". Nothing was done.`)
  return {
    publicKeyPath: options[key] as string | undefined,
    rootCertificatePath: options[ca] as string | undefined,
    trustPath: trust as string | undefined,
    identities: identity as string[] | undefined,
    tsaRootPath: tsa as string | undefined,
    revocationListPaths: crl as string[] | undefined,
    at: time?.data
  }
}
