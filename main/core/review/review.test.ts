import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { signDirectory, fingerprintOf } from '../bundles'
import { newKey, removeFolders, writeFiles } from '../bundles/sample-bundle.fixture'
import { inspectBundle, readBundleFile } from './index'

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
})
