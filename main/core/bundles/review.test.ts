import { readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { sha256File } from '../../storage/objects/durable-files'
import { buildBundleDocuments, countersign, fingerprintOf, signDirectory } from '../bundle-format'
import { aBundle } from '../bundle-format/documents/bundle-facts.fixture'
import { freshFolder, newKey, removeFolders, writeFiles } from '../bundle-format/sample-bundle.fixture'
import { inspectBundle, readBundleFile, readTrust } from './review'

afterAll(removeFolders)

describe('the review of a bundle', () => {
  it('trusts a fingerprint that the signer gave by another way, and no other', async () => {
    const key = newKey()
    const folder = writeFiles()
    await signDirectory(folder, { key })
    expect((await inspectBundle(folder, {})).report.verdict).toBe('insufficient')
    const known = await inspectBundle(folder, { fingerprint: fingerprintOf(key) })
    expect(known.report).toMatchObject({ verdict: 'holds', signer: { anchoredBy: 'fingerprint' } })
    const other = await inspectBundle(folder, { fingerprint: fingerprintOf(newKey()) })
    expect(other.report.verdict).toBe('altered')
    expect(other.report.checks.find((check) => check.id === 'trust')).toMatchObject({ status: 'fail' })
  })

  it('says of each file what the verification found', async () => {
    const folder = writeFiles()
    await signDirectory(folder, { key: newKey() })
    const before = await inspectBundle(folder, {})
    const target = before.files.find((file) => file.state === 'verified')!.path
    writeFileSync(join(folder, target), 'something else')
    writeFileSync(join(folder, 'stowaway.txt'), 'here')
    const { report, files } = await inspectBundle(folder, {})
    const states = new Map(files.map((file) => [file.path, file.state]))
    expect(report.verdict).toBe('altered')
    expect(states.get(target)).toBe('changed')
    expect(states.get('stowaway.txt')).toBe('added')
    expect(states.get('model.sig')).toBe('uncovered')
    expect(await readBundleFile(folder, 'stowaway.txt')).toMatchObject({ kind: 'text', text: 'here', truncated: false })
    await expect(readBundleFile(folder, '../secret')).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('takes the name of a bundle from a card that was signed, never from an altered one', async () => {
    const key = newKey()
    const text = String((await buildBundleDocuments(aBundle())).get('card/model-card.json'))
    const folder = writeFiles({ 'README.md': '# x', 'card/model-card.json': text })
    const card = join(folder, 'card/model-card.json')
    const trust = { fingerprint: fingerprintOf(key) }
    await signDirectory(folder, { key })
    expect((await inspectBundle(folder, trust)).model).toMatchObject({ name: 'strike-damage' })
    writeFileSync(card, text.replaceAll('strike-damage', 'perfect-model'))
    const altered = await inspectBundle(folder, trust)
    expect(altered).toMatchObject({ model: null, report: { verdict: 'altered' } })
    writeFileSync(card, ' '.repeat(5 * 1024 * 1024))
    expect(await inspectBundle(folder, trust)).toMatchObject({ model: null, report: { verdict: 'altered' } })
  })

  it('says what the bundle says of its own gate, although it holds and nobody asked for the gate', async () => {
    const key = newKey()
    const card = JSON.parse(String((await buildBundleDocuments(aBundle())).get('card/model-card.json')))
    const told = async (change: { stage: string; gate?: unknown; gateChanged?: string }) => {
      const { stage, ...more } = change
      const text = JSON.stringify({ ...card, ...more, model: { ...card.model, stage } })
      const folder = writeFiles({ 'README.md': '# x', 'card/model-card.json': text })
      await signDirectory(folder, { key })
      const { report, model } = await inspectBundle(folder, { fingerprint: fingerprintOf(key) })
      expect(report.verdict).toBe('holds')
      return model!.concern
    }
    const [failed, passed] = [
      { ...card.gate, outcome: 'fail', shortfall: undefined },
      { ...card.gate, outcome: 'pass', shortfall: undefined }
    ]
    expect(await told({ stage: 'draft', gate: failed })).toMatchObject({
      tone: 'error',
      text: expect.stringMatching(/^The model is a draft without gate, as the bundle itself says: its gate failed\./)
    })
    const text = async (change: Parameters<typeof told>[0]) => (await told(change))?.text ?? ''
    expect(await text({ stage: 'draft', gate: undefined })).toContain('draft without gate, as the bundle itself says: no gate was run.')
    expect(await text({ stage: 'approved', gate: failed })).toContain('As the bundle itself says, its gate failed.')
    expect(await text({ stage: 'draft', gate: { ...failed, shortfall: 'undecided' } })).toContain('undecided, which counts as failed')
    expect(await text({ stage: 'approved', gate: passed, gateChanged: 'failed under 1, passed under 2' })).toContain(
      'The policy of its gate was changed: failed under 1, passed under 2.'
    )
    expect(await text({ stage: 'draft', gate: passed })).not.toContain('gate')
  })

  it('shows the first 4 MiB of a file, to the byte, and says whether that is all', async () => {
    const most = 4 * 1024 * 1024
    const folder = writeFiles({ 'README.md': '# x', 'whole.txt': 'a'.repeat(most), 'longer.txt': `${'a'.repeat(most - 1)}bc` })
    const whole = await readBundleFile(folder, 'whole.txt')
    expect({ ...whole, text: whole.text.length }).toEqual({ kind: 'text', size: most, text: most, truncated: false })
    const longer = await readBundleFile(folder, 'longer.txt')
    expect({ ...longer, text: longer.text.length }).toEqual({ kind: 'text', size: most + 1, text: most, truncated: true })
    expect(longer.text.endsWith('ab')).toBe(true)
  })

  it('says that nobody vouches for the files of an unsigned bundle, and reports on an empty folder', async () => {
    const { report, files, model } = await inspectBundle(writeFiles(), {})
    expect(report.verdict).toBe('altered')
    expect(model).toBeNull()
    expect(new Set(files.filter((file) => file.path !== 'model.sig').map((file) => file.state))).toEqual(new Set(['unsigned']))
    const empty = await inspectBundle(freshFolder(), {})
    expect(empty).toMatchObject({ files: [], model: null, report: { verdict: 'altered' } })
    expect(empty.report.summary).toContain('The folder is empty')
  })

  it('does not call a signature of a newer format altered', async () => {
    const folder = writeFiles()
    await signDirectory(folder, { key: newKey() })
    const path = join(folder, 'model.sig')
    writeFileSync(path, readFileSync(path, 'utf8').replace('bundle.v0.3+json', 'bundle.v0.4+json'))
    const { report } = await inspectBundle(folder, {})
    const check = report.checks.find((each) => each.id === 'signature-format')
    expect(check).toMatchObject({ status: 'unsupported', files: [] })
    expect(check?.detail).toMatch(/v0\.4.*reads v0\.3.*Update Drydock/)
    writeFileSync(path, readFileSync(path, 'utf8').replace('bundle.v0.4+json', 'bundle.v0.2+json'))
    const older = (await inspectBundle(folder, {})).report.checks.find((each) => each.id === 'signature-format')
    expect(older?.files).toMatchObject([{ name: 'model.sig', problem: 'changed' }])
  })

  it('shows a verified file only as it was verified', async () => {
    const key = newKey()
    const folder = writeFiles()
    await signDirectory(folder, { key })
    const { files } = await inspectBundle(folder, { fingerprint: fingerprintOf(key) })
    const readme = files.find((file) => file.path === 'README.md')!
    expect(readme.sha256).toMatch(/^[0-9a-f]{64}$/)
    const shown = await readBundleFile(folder, 'README.md', readme.sha256)
    const exchanged = shown.text.replace(/.$/s, '?')
    writeFileSync(join(folder, 'README.md'), exchanged)
    await expect(readBundleFile(folder, 'README.md', readme.sha256)).rejects.toMatchObject({
      code: 'DIGEST_MISMATCH',
      message: expect.stringContaining('"README.md" was changed after the bundle was verified')
    })
    expect((await readBundleFile(folder, 'README.md')).text).toBe(exchanged)
    const again = await inspectBundle(folder, { fingerprint: fingerprintOf(key) })
    expect(again.files.find((file) => file.path === 'README.md')).toMatchObject({ state: 'changed', sha256: null })
  })

  it('reports on a folder with links and names what is there', async () => {
    const folder = writeFiles()
    await signDirectory(folder, { key: newKey() })
    symlinkSync('/etc/passwd', join(folder, 'data.csv'))
    const { report, files } = await inspectBundle(folder, {})
    expect(files).toEqual([])
    expect(report.checks.find((check) => check.id === 'layout')).toMatchObject({ status: 'fail', files: [{ name: 'data.csv' }] })
  })

  it('lists a missing file, decisions that others added, and what it verified of the rest', async () => {
    const folder = writeFiles()
    const key = newKey()
    await signDirectory(folder, { key })
    await countersign(folder, { anyAuthor: true, key: newKey(), name: 'Rae', meaning: 'reviewer', decision: 'approve', statement: 'Fine.' })
    const before = await inspectBundle(folder, { fingerprint: fingerprintOf(key) })
    const states = (files: typeof before.files) => Object.fromEntries(files.map(({ path, state }) => [path, state]))
    const decision = before.files.find(({ path }) => path.startsWith('attestations/'))!
    expect(decision).toMatchObject({ state: 'uncovered', sha256: null })
    expect(new Set(before.files.filter(({ path }) => path !== 'model.sig' && path !== decision.path).map(({ state }) => state))).toEqual(
      new Set(['verified'])
    )
    rmSync(join(folder, 'README.md'))
    const after = await inspectBundle(folder, { fingerprint: fingerprintOf(key) })
    expect(after.files.at(-1)).toEqual({ path: 'README.md', size: 0, state: 'missing', sha256: null })
    expect(states(after.files)).toEqual({ ...states(before.files), 'README.md': 'missing' })
    expect(after.files.find(({ path }) => path === 'policy/gates.yaml')).toMatchObject({
      size: 9,
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/)
    })
  })

  it('says what a card says: version, words, demo and whether the judged rows were new', async () => {
    const card = JSON.parse(String((await buildBundleDocuments(aBundle())).get('card/model-card.json')))
    const shown = async (
      change: (card: { demo: boolean; evaluation: { independence?: unknown; splitCheck?: unknown } }) => void,
      text?: string
    ) => {
      const changed = structuredClone(card)
      change(changed)
      const folder = writeFiles({ 'README.md': '# x', 'card/model-card.json': text ?? JSON.stringify(changed) })
      await signDirectory(folder, { key: newKey() })
      const { model, demo, report } = await inspectBundle(folder, {})
      expect(report.verdict).toBe('insufficient')
      return { model, demo }
    }
    const about = { name: 'strike-damage', version: '2', summary: expect.stringMatching(/^Ranks reported wildlife strikes/) }
    expect(await shown(() => undefined)).toEqual({ model: { ...about, concern: null }, demo: true })
    expect(await shown((made) => (made.demo = false))).toMatchObject({ demo: false })
    const shared = { sameTable: false, shared: 12, share: 0.1, verdict: 'not-independent' }
    expect(await shown((made) => (made.evaluation.independence = shared))).toMatchObject({
      model: { concern: { tone: 'error', text: expect.stringMatching(/^12 of the/) } }
    })
    const groups = [{ column: 'patient', role: 'group', shared: 37, of: 40, rows: 118, unnamed: 0 }]
    expect(await shown((made) => (made.evaluation.splitCheck = { judgedRows: 200, groups, times: [] }))).toMatchObject({
      model: { concern: { tone: 'error', text: expect.stringMatching(/^37 of 40 values of "patient" are on both sides/) } }
    })
    const apart = [{ ...groups[0], shared: 0, rows: 0 }]
    expect(await shown((made) => (made.evaluation.splitCheck = { judgedRows: 200, groups: apart, times: [] }))).toMatchObject({
      model: { concern: { tone: 'warn', text: expect.stringMatching(/^Rows of one "patient" count as independent here/) } }
    })
    // As an earlier Drydock wrote it.
    expect(await shown((made) => delete made.evaluation.independence)).toMatchObject({
      model: { concern: { tone: 'warn', text: expect.stringMatching(/is not known/) } }
    })
    for (const text of ['{', '{}', 'null']) expect(await shown(() => undefined, text)).toEqual({ model: null, demo: false })
  })
})

describe('a file of a bundle', () => {
  it('is shown by the end of its name, and nothing of one that is no text', async () => {
    const kinds = {
      'a.json': 'json',
      'b.JSON': 'json',
      'model.sig': 'json',
      'a.yaml': 'yaml',
      'a.yml': 'yaml',
      'a.html': 'html',
      'a.md': 'text',
      'a.txt': 'text',
      'a.sql': 'text',
      'a.py': 'text',
      'a.json.csv': 'text',
      json: 'binary',
      'a.onnx': 'binary',
      'a.constructor': 'binary',
      'a.toString': 'binary'
    }
    const folder = writeFiles(Object.fromEntries(Object.keys(kinds).map((name) => [`x/${name}`, 'größe'])))
    for (const [name, kind] of Object.entries(kinds))
      expect(await readBundleFile(folder, `x/${name}`), name).toEqual({
        kind,
        text: kind === 'binary' ? '' : 'größe',
        size: 7,
        truncated: false
      })
  })

  it('that is longer than what is shown is verified to its end', async () => {
    const folder = writeFiles({ 'long.txt': `${'a'.repeat(5 * 1024 * 1024)}b` })
    const digest = await sha256File(join(folder, 'long.txt'))
    const shown = await readBundleFile(folder, 'long.txt', digest)
    expect({ ...shown, text: shown.text.length }).toEqual({
      kind: 'text',
      text: 4 * 1024 * 1024,
      size: 5 * 1024 * 1024 + 1,
      truncated: true
    })
    writeFileSync(join(folder, 'long.txt'), `${'a'.repeat(5 * 1024 * 1024)}c`)
    await expect(readBundleFile(folder, 'long.txt', digest)).rejects.toMatchObject({ code: 'DIGEST_MISMATCH' })
    expect((await readBundleFile(folder, 'long.txt', null)).truncated).toBe(true)
  })
})

describe('what a reviewer trusts', () => {
  const file = (text: string) => join(writeFiles({ 'trusted.pem': text }), 'trusted.pem')

  it('is what was given, and nothing where nothing was', async () => {
    expect(Object.values(await readTrust({})).filter((given) => given !== undefined)).toEqual([])
    expect(
      Object.values(await readTrust({ publicKeyPath: '', rootCertificatePath: '', fingerprint: '' })).filter((given) => given !== undefined)
    ).toEqual([])
    expect(await readTrust({ publicKeyPath: file('key é') })).toMatchObject({ publicKeyPem: 'key é' })
    expect(await readTrust({ rootCertificatePath: file('root'), fingerprint: 'ab' })).toMatchObject({
      rootCertificatePem: 'root',
      expectedKeyFingerprint: 'ab'
    })
  })

  it('is a small file that is there', async () => {
    const most = file('x'.repeat(1_000_000))
    expect((await readTrust({ publicKeyPath: most })).publicKeyPem).toHaveLength(1_000_000)
    await expect(readTrust({ publicKeyPath: file('x'.repeat(1_000_001)) })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringMatching(/too large for the public key\. Choose the PEM file/)
    })
    await expect(readTrust({ rootCertificatePath: `${most}.gone` })).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: expect.stringContaining('reading the root certificate')
    })
  })
})
