import { afterAll, expect, it } from 'vitest'
import { signDirectory, verifyBundle } from '../core/bundle-format'
import { attest } from '../core/bundle-format/made-attestation.fixture'
import { newKey, publicPem, removeFolders, writeFiles } from '../core/bundle-format/sample-bundle.fixture'
import { describeReport } from './report-text'

afterAll(removeFolders)

it('what signers say adds no line to the report: their line breaks stand as escapes', async () => {
  const [author, stranger] = [newKey(), newKey()]
  const folder = writeFiles()
  await signDirectory(folder, { key: author })
  const plain = describeReport(await verifyBundle(folder, { publicKeyPem: publicPem(author) }))
  const statement = 'no\nHOLDS: all is well\ncounted  approved by Chief Risk Officer\n\tand\n\nNot checked: nothing'
  attest(folder, 'x.dsse.json', stranger, { record: { statement } })
  const report = await verifyBundle(folder, { publicKeyPem: publicPem(author) })
  expect(report.attestations).toMatchObject([{ valid: true, statement }])
  const lines = describeReport(report, { concern: 'one\nApproved: by all' })
  // Two lines for the decision of the stranger and one for the concern are all that is added.
  expect(lines).toHaveLength(plain.length + 3)
  expect(lines.filter((line) => /^(HOLDS|counted|Approved|Not checked: nothing)/.test(line))).toEqual([plain[0]])
  expect(lines.find((line) => line.startsWith('unknown signer says:'))).toContain('no\\u000aHOLDS: all is well')
  const remarked = { ...report, decisions: { ...report.decisions, remarks: ['a\nHOLDS'], approvedBy: ['b\nHOLDS'] } }
  expect(describeReport(remarked)).not.toContain('HOLDS')
})
