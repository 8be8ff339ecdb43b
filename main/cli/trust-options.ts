import type { Command } from 'commander'
import { Moment } from '../model/commands/bundles'
import { WorkbenchError } from '../model/errors'

/** What a command calls the key and the root certificate of the author, as commander names the options. */
interface AuthorOptions {
  key: 'key' | 'authorKey'
  ca: 'ca' | 'authorCa'
}
const flags = { key: '--key', authorKey: '--author-key', ca: '--ca', authorCa: '--author-ca' } as const

/** Collects an option that may be repeated. */
export const gather = (value: string, others: string[] = []): string[] => [...others, value]

/** The options that say whom a reader trusts as the author, and how certificates are judged. */
export const withTrust = (command: Command, { key, ca }: AuthorOptions): Command =>
  command
    .option(`${flags[key]} <pub.pem>`, "the author's public key")
    .option(`${flags[ca]} <root.pem>`, 'a root certificate: any certificate under it is trusted')
    .option('--trust <trust.yaml>', 'people with their keys and roles, and roots (schema: drydock.trust)')
    .option(
      '--identity <name>',
      `whose certificate counts under ${flags[ca]}: subject, organisation or alternative name; may be repeated`,
      gather
    )
    .option('--tsa <root.pem>', 'root of a time-stamping authority, whose stamp proves when the bundle was signed')
    .option('--crl <file>', 'list of revoked certificates, PEM or DER; may be repeated', gather)
    .option('--at <time>', 'judge certificates at this moment, such as 2026-11-29T12:00:00Z')

/**
 * What was given of them, as commands take it.
 * @throws WorkbenchError INVALID_INPUT
 */
export function readTrustOptions(options: Record<string, unknown>, { key, ca }: AuthorOptions) {
  const { identity, trust, tsa, crl, at } = options
  if (identity !== undefined && options[ca] === undefined && trust === undefined)
    throw new WorkbenchError(
      'INVALID_INPUT',
      `--identity says whose certificate counts under ${flags[ca]}, which is missing. Nothing was done.`
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
