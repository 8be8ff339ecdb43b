import type { KeyObject } from 'node:crypto'
import { fingerprintOf, signStatement, statementType } from '../../../main/core/bundle-format'
import { digestOfFile, type Component } from './component'
import type { ReleaseFacts } from './release-facts'

/** What the build was made from and made, as a statement of in-toto with the predicate of SLSA (https://slsa.dev/spec/v1.0/provenance). */
export function describeBuild(
  facts: ReleaseFacts,
  components: readonly Component[],
  made: readonly { file: string; sha256: string }[],
  fused: boolean
) {
  const runtimes = components.filter(({ type }) => type === 'framework')
  return {
    _type: statementType,
    subject: made.map(({ file, sha256 }) => ({ name: file, digest: { sha256 } })),
    predicateType: 'https://slsa.dev/provenance/v1',
    predicate: {
      buildDefinition: {
        buildType: 'urn:drydock:package:v1',
        externalParameters: { version: facts.version, platform: facts.platform, fused },
        internalParameters: {},
        resolvedDependencies: [
          sources(facts.commit),
          { name: 'package-lock.json', uri: 'file:package-lock.json', digest: { sha256: digestOfFile('package-lock.json') } },
          // The bill of materials has the digests of their files; the program of Electron is changed by its fuses.
          ...runtimes.map(({ name, version, purl }) => ({ name, uri: purl ?? `${name}@${version}` }))
        ]
      },
      // Neither a clock nor a host name: two builds of one commit say the same.
      runDetails: { builder: { id: 'urn:drydock:builder:checkout' } }
    }
  }
}

/** Sources that were changed since the commit have no digest. */
const sources = (commit: string) => ({
  name: 'sources',
  uri: `git+commit:${commit}`,
  ...(/^[0-9a-f]+$/.test(commit) && { digest: { gitCommit: commit } })
})

/** `provenance.json`: the statement in an envelope of the release key (DSSE); without a key the bare statement, for which nobody vouches. */
export function writeProvenance(statement: object, key?: KeyObject): string {
  return `${JSON.stringify(key ? signStatement(statement, key, fingerprintOf(key)) : statement, null, 2)}\n`
}
