import { copyFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readFileSync } from 'node:fs'
import { afterAll, describe, expect, it } from 'vitest'
import { evaluationSchema } from '../../model/evaluation'
import { gateReport } from '../../model/policy'
import { countersign, fingerprintOf, openBundle, verifyBundle } from '../bundle-format'
import { freshFolder, newKey, removeFolders } from '../bundle-format/sample-bundle.fixture'
import { inspectBundle, readBundleFile } from './review'

const golden = join(dirname(fileURLToPath(import.meta.url)), 'fixtures', 'release-0.1')
const released = join(golden, 'strike-damage-1.drydock')
const publicKeyPath = join(golden, 'signer.pub.pem')
const publicKeyPem = readFileSync(publicKeyPath, 'utf8')

afterAll(removeFolders)

describe('a bundle of release 0.1', () => {
  it('opens, and its documents are read as what they are', async () => {
    const bundle = await openBundle(released)
    const json = async (name: string): Promise<unknown> => JSON.parse((await bundle.read(name)).toString('utf8'))
    expect(bundle.list()).toHaveLength(27)
    expect(evaluationSchema.parse(await json('evidence/evaluation.json'))).toMatchObject({
      version: 2,
      subject: null,
      rows: { judged: 2500 }
    })
    expect(gateReport.parse(await json('policy/results.json'))).toMatchObject({ version: 2, subject: null, outcome: 'pass' })
    await bundle.close()
  })

  it('verifies with the key of its signer, and with no other', async () => {
    const report = await verifyBundle(released, { publicKeyPem })
    expect(report).toMatchObject({ verdict: 'holds', signer: { anchoredBy: 'public-key' } })
    expect(report.checks.filter((check) => check.status === 'fail')).toEqual([])
    expect(report.attestations).toHaveLength(1)
    expect((await verifyBundle(released, { expectedKeyFingerprint: fingerprintOf(newKey()) })).verdict).toBe('altered')
  })

  it('is reviewed file by file, and the review says that nobody knows whether its test rows were new', async () => {
    const { model, files, demo, report } = await inspectBundle(released, { publicKeyPath })
    expect(model).toMatchObject({
      name: 'strike-damage',
      version: '1',
      concern: { tone: 'warn', text: expect.stringContaining('is not known') }
    })
    expect(demo).toBe(true)
    expect(report.verdict).toBe('holds')
    expect(new Set(files.map(({ state }) => state))).toEqual(new Set(['verified', 'uncovered']))
    for (const { path, sha256, state } of files)
      if (state === 'verified' && path.endsWith('.json'))
        expect(JSON.parse((await readBundleFile(released, path, sha256)).text)).toBeTypeOf('object')
  })

  it('takes a decision of a reviewer of today', async () => {
    const path = join(freshFolder(), 'reviewed.drydock')
    copyFileSync(released, path)
    const key = newKey()
    const { report } = await countersign(path, {
      anyAuthor: true,
      key,
      decision: 'approve',
      name: 'Rae Reviewer',
      meaning: 'reviewer',
      statement: 'As it should be.'
    })
    expect(report.attestations).toHaveLength(2)
    const again = await verifyBundle(path, { publicKeyPem })
    expect(again).toMatchObject({ verdict: 'holds' })
    expect(again.attestations.map(({ name }) => name)).toContain('Rae Reviewer')
  })
})
