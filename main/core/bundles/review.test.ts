import { readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { buildBundleDocuments, fingerprintOf, signDirectory } from '../bundle-format'
import { aBundle } from '../bundle-format/documents/bundle-facts.fixture'
import { freshFolder, newKey, removeFolders, writeFiles } from '../bundle-format/sample-bundle.fixture'
import { inspectBundle, readBundleFile } from './review'

afterAll(removeFolders)

describe('the review of a bundle', () => {
  it('trusts a fingerprint that the signer gave by another way, and no other', async () => {
    const key = newKey()
    const folder = writeFiles()
    await signDirectory(folder, { key })
    expect((await inspectBundle(folder, {})).report.verdict).toBe('untrusted')
    const known = await inspectBundle(folder, { fingerprint: fingerprintOf(key) })
    expect(known.report).toMatchObject({ verdict: 'verified', signer: { anchoredBy: 'fingerprint' } })
    const other = await inspectBundle(folder, { fingerprint: fingerprintOf(newKey()) })
    expect(other.report.verdict).toBe('untrusted')
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
    expect(report.verdict).toBe('failed')
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
    expect(altered).toMatchObject({ model: null, report: { verdict: 'failed' } })
    writeFileSync(card, ' '.repeat(5 * 1024 * 1024))
    expect(await inspectBundle(folder, trust)).toMatchObject({ model: null, report: { verdict: 'failed' } })
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
    expect(report.verdict).toBe('failed')
    expect(model).toBeNull()
    expect(new Set(files.filter((file) => file.path !== 'model.sig').map((file) => file.state))).toEqual(new Set(['unsigned']))
    const empty = await inspectBundle(freshFolder(), {})
    expect(empty).toMatchObject({ files: [], model: null, report: { verdict: 'failed' } })
    expect(empty.report.summary).toContain('The folder is empty')
  })

  it('does not call a signature of a newer format altered', async () => {
    const folder = writeFiles()
    await signDirectory(folder, { key: newKey() })
    const path = join(folder, 'model.sig')
    writeFileSync(path, readFileSync(path, 'utf8').replace('bundle.v0.3+json', 'bundle.v0.4+json'))
    const { report } = await inspectBundle(folder, {})
    const check = report.checks.find((each) => each.id === 'signature-format')
    expect(check).toMatchObject({ status: 'fail', files: [] })
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
})
