import { spawnSync } from 'node:child_process'
import { appendFileSync, cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { isSignatureValid, loadPublicKey, openEnvelope, verifyBundle } from '../../../main/core/bundle-format'
import { compareBuilds, mayDiffer } from '../compare'
import { writeProgramEvidence, writeReleaseFolder } from './index'
import { makeFolder, makeProgram, makeReleaseKey, passphrase, put, removeMade } from './made-program.fixture'
import { chooseLicences } from './licence-texts'
import { changesOf } from './release-facts'

afterAll(removeMade)

const facts = { version: '1.2.3', platform: 'linux-x64', commit: 'ab'.repeat(20), builtAt: '2026-11-29T20:00:00.000Z' }
const json = (...path: string[]) => JSON.parse(readFileSync(join(...path), 'utf8'))
const payload = () => put(join(makeFolder(), 'drydock-1.2.3-linux-x64.tar.gz'), 'payload')

async function makeRelease(key?: { path: string }, paid = payload()) {
  const program = makeProgram()
  const signing = { releaseKey: key && { path: key.path, passphrase }, trustKeys: [] }
  const components = await writeProgramEvidence({ ...program, ...facts, ...signing })
  const out = makeFolder()
  const made = await writeReleaseFolder({
    ...facts,
    ...signing,
    components,
    payloads: [{ kind: 'portable', path: paid }],
    out,
    fused: true
  })
  return { ...program, ...made, components, out }
}

describe('evidence of a release', () => {
  it('names everything in the program with version, licence and digests, and has the text of every licence', async () => {
    const { programFolder, folder, components } = await makeRelease()
    const bom = json(folder, 'sbom.cdx.json')
    const find = (name: string) => bom.components.find((each: { name: string }) => each.name === name)
    expect(components.map(({ name }) => name)).toEqual([...components.map(({ name }) => name)].sort())
    expect(find('Electron').version).toBe('45.4.1')
    expect(find('Electron').components.map((file: { name: string }) => file.name)).toEqual(['drydock-app', 'libffmpeg.so'])
    expect(find('Chromium').version).toBe('150.0.1.2')
    expect(find('Node.js').components.find((part: { name: string }) => part.name === 'openssl').version).toBe(process.versions.openssl)
    expect(find('zod').hashes[0]).toMatchObject({ alg: 'SHA-512', content: expect.stringMatching(/^[0-9a-f]{128}$/) })
    expect(find('@fontsource/jetbrains-mono').components[0]).toMatchObject({ name: 'resources/app.asar/out/renderer/assets/mono.woff2' })
    expect(find('@fontsource/jetbrains-mono').licenses).toEqual([{ license: { id: 'OFL-1.1' } }])
    expect(find('@bufbuild/protobuf').licenses).toEqual([{ expression: 'Apache-2.0 AND BSD-3-Clause' }])
    expect(bom.dependencies.find(({ ref }: { ref: string }) => ref.startsWith('library:libsql@')).dependsOn).toContainEqual(
      expect.stringContaining('library:@neon-rs/load@')
    )
    const notices = readFileSync(join(programFolder, 'THIRD-PARTY-NOTICES.txt'), 'utf8')
    for (const { name, version } of components) expect(notices).toMatch(new RegExp(`^${name} ${version}$`, 'm'))
    // From the README that is not delivered, from a text of ours, and the licence of what is inside besides.
    for (const text of ['(c) 2015 Peter', 'CC0 1.0 Universal', 'Copyright 2008 Google Inc.']) expect(notices).toContain(text)
  })

  it('refuses what has no licence, one that is not allowed, or no text of it', async () => {
    const refuse = async (change: (folder: string) => void): Promise<string> => {
      const program = makeProgram()
      change(join(program.programFolder, 'resources', 'app.asar.unpacked', 'node_modules', 'foreign'))
      return writeProgramEvidence({ ...program, ...facts, trustKeys: [] }).then(
        () => 'taken',
        (error: Error) => error.message
      )
    }
    const describeAs = (licence: string | undefined) => (folder: string) =>
      void put(join(folder, 'package.json'), JSON.stringify({ name: 'foreign', version: '1.0.0', license: licence }))
    expect(await refuse(describeAs('GPL-3.0-only'))).toMatch(/foreign 1\.0\.0 is under "GPL-3\.0-only", which is not allowed/)
    expect(await refuse(describeAs(undefined))).toContain('no licence that it names')
    expect(await refuse(describeAs('MIT'))).toContain('comes without the text of its licence (MIT)')
    expect(await refuse((folder) => (describeAs('MIT')(folder), void put(join(folder, 'LICENSE'), 'MIT')))).toBe('taken')
    expect(await refuse((folder) => rmSync(join(folder, '../../../../LICENSES.chromium.html')))).toContain(
      'licences of Chromium is missing'
    )
  })

  it('chooses among licences only what is allowed', () => {
    expect(chooseLicences('(MIT OR CC0-1.0)')).toEqual(['MIT'])
    expect(chooseLicences('GPL-2.0-only OR BSD-3-Clause')).toEqual(['BSD-3-Clause'])
    expect(chooseLicences('MIT AND GPL-2.0-only')).toBeNull()
    expect(chooseLicences('(MIT OR GPL-2.0-only) AND GPL-2.0-only')).toBeNull()
    expect(chooseLicences('SEE LICENSE IN x')).toBeNull()
  })

  it('is signed as a whole: whole with the key, not vouched for without, altered after a change', async () => {
    const key = await makeReleaseKey('harbour-releases')
    const { folder, updateFile, out } = await makeRelease(key)
    const trust = { publicKeyPem: key.publicPem }
    for (const path of [folder, updateFile!]) {
      expect((await verifyBundle(path, trust)).verdict).toBe('holds')
      expect((await verifyBundle(path)).verdict).toBe('insufficient')
    }
    const other = await makeReleaseKey('other')
    expect((await verifyBundle(folder, { publicKeyPem: other.publicPem })).verdict).toBe('altered')
    expect(json(folder, 'release.json')).toMatchObject({ version: '1.2.3', opensLedgerFrom: 1, payloads: [{ kind: 'portable', bytes: 7 }] })
    const envelope = json(folder, 'provenance.json')
    const { payload: statement, signed, signature } = openEnvelope(envelope)
    expect(isSignatureValid(loadPublicKey(key.publicPem), signed, signature)).toBe(true)
    expect(JSON.parse(statement.toString()).subject.map(({ name }: { name: string }) => name)).toEqual(['drydock-1.2.3-linux-x64.tar.gz', 'release.json', 'sbom.cdx.json']) // prettier-ignore
    for (const place of [folder, out]) {
      const { status, stdout } = spawnSync('sha256sum', ['-c', 'SHA256SUMS'], { cwd: place, encoding: 'utf8' })
      if (status !== null) expect([status, stdout]).toEqual([0, expect.stringContaining('drydock-1.2.3-linux-x64.tar.gz: OK')])
    }
    const copy = join(makeFolder(), 'release')
    cpSync(folder, copy, { recursive: true })
    appendFileSync(join(copy, 'sbom.cdx.json'), ' ')
    expect((await verifyBundle(copy, trust)).verdict).toBe('altered')
  })

  it('pins its key in the program, and nobody where there is none', async () => {
    const key = await makeReleaseKey('harbour-releases')
    const { programFolder } = await makeRelease(key)
    const release = join(programFolder, 'resources', 'release')
    expect(json(release, 'keys.json').keys).toEqual([{ name: 'harbour-releases', publicKey: key.publicPem, fingerprint: key.fingerprint }])
    expect(json(release, 'release.json')).not.toHaveProperty('payloads')
    const unsigned = await makeRelease()
    expect(json(unsigned.programFolder, 'resources', 'release', 'keys.json').keys).toEqual([])
    expect(unsigned.updateFile).toBeNull()
    expect(readdirSync(unsigned.folder)).not.toContain('model.sig')
    expect(json(unsigned.folder, 'provenance.json').predicateType).toBe('https://slsa.dev/provenance/v1')
  })

  it('is the same for two builds, except for signatures', async () => {
    const key = await makeReleaseKey('harbour-releases')
    const paid = payload()
    const [one, other] = [await makeRelease(key, paid), await makeRelease(key, paid)]
    const differences = compareBuilds(one.out, other.out)
    expect(differences.length).toBeGreaterThan(0)
    expect(differences.filter(({ place }) => !mayDiffer(place))).toEqual([])
    writeFileSync(join(other.folder, 'release.json'), readFileSync(join(one.folder, 'release.json'), 'utf8').replace('ab', 'ba'))
    expect(compareBuilds(one.out, other.out).map(({ place }) => place)).toContain('release-1.2.3-linux-x64/release.json')
  })

  it('takes what changed from the change log', () => {
    const log = put(
      join(makeFolder(), 'CHANGELOG.md'),
      '# Changes\n\n## Unreleased\n\n- soon\n\n## [1.2.3] - 2026-11-29\n\n- a\n- b\n\n## 1.0.0\n\n- first\n'
    )
    expect([changesOf('1.2.3', log), changesOf('1.0.0', log), changesOf('9.9.9', log)]).toEqual(['- a\n- b', '- first', '- soon'])
    expect(changesOf('1.2.3', `${log}.absent`)).toBe('')
  })
})
