import type { Command } from 'commander'

/** What a command calls the key and the root certificate of the author, as commander names the options. */
export interface AuthorOptions {
  key: 'key' | 'authorKey'
  ca: 'ca' | 'authorCa'
}
export const authorFlags = { key: '--key', authorKey: '--author-key', ca: '--ca', authorCa: '--author-ca' } as const

export const ofVerify = { key: 'key', ca: 'ca' } as const
export const ofCountersign = { key: 'authorKey', ca: 'authorCa' } as const

/** Collects an option that may be repeated. */
export const gather = (value: string, others: string[] = []): string[] => [...others, value]

/** The options that say whom a reader trusts as the author, and how certificates are judged. */
export const withTrust = (command: Command, { key, ca }: AuthorOptions): Command =>
  command
    .option(`${authorFlags[key]} <pub.pem>`, "the author's public key")
    .option(`${authorFlags[ca]} <root.pem>`, 'a root certificate: any certificate under it is trusted')
    .option('--trust <trust.yaml>', 'people with their keys and roles, and roots (schema: drydock.trust)')
    .option(
      '--identity <name>',
      `whose certificate counts under ${authorFlags[ca]}: subject, organisation or alternative name; may be repeated`,
      gather
    )
    .option('--tsa <root.pem>', 'root of a time-stamping authority, whose stamp proves when the bundle was signed')
    .option('--crl <file>', 'list of revoked certificates, PEM or DER; may be repeated', gather)
    .option('--at <time>', 'judge certificates at this moment, such as 2026-11-29T12:00:00Z')
