import { createHash } from 'node:crypto'
import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs'
import { basename } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { ledgerFormat } from '../../../main/core/ledger'

/** What a release is. */
export interface ReleaseFacts {
  version: string
  /** Such as linux-x64. */
  platform: string
  /** Of git, 40 hex digits. */
  commit: string
  /** The moment of the commit, ISO 8601: two builds of one commit say the same. */
  builtAt: string
}

/** A file that installs the program. */
export interface Payload {
  kind: string
  file: string
  sha256: string
  bytes: number
}

/** Digest and size of a file that may be large; `kind` says how it installs. */
export async function describePayload(kind: string, path: string): Promise<Payload> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return { kind, file: basename(path), sha256: hash.digest('hex'), bytes: statSync(path).size }
}

/** The section of a version in the change log, as Markdown; of what is not released yet where the version has none, and empty without both. */
export function changesOf(version: string, file = 'CHANGELOG.md'): string {
  const sections = (existsSync(file) ? readFileSync(file, 'utf8') : '').split(/^## /m).slice(1)
  const titled = (name: string) =>
    sections.find(
      (each) =>
        each
          .split('\n')[0]
          .replace(/^\[(.*?)\]/, '$1')
          .trim()
          .split(/\s/)[0] === name
    )
  return (titled(version) ?? titled('Unreleased') ?? '').split('\n').slice(1).join('\n').trim()
}

/** `release.json`: what an update looks at before it does anything. `payloads` are missing in the one inside the program. */
export function writeReleaseDocument(facts: ReleaseFacts, payloads?: readonly Payload[]): string {
  const { version, platform, commit, builtAt } = facts
  const { migrations } = ledgerFormat
  const document = {
    schema: 'drydock.release/1',
    name: 'Drydock',
    version,
    platform,
    commit,
    builtAt,
    ledgerSchema: migrations.at(-1)?.version ?? 0,
    opensLedgerFrom: migrations[0]?.version ?? 0,
    changes: changesOf(version),
    ...(payloads && { payloads })
  }
  return `${JSON.stringify(document, null, 2)}\n`
}
