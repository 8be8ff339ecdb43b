import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { parseHtml } from '../../../testing/parse-html'
import { buildBundleDocuments, countersign, fingerprintOf, signDirectory } from '../../bundle-format'
import { aBundle } from '../../bundle-format/documents/bundle-facts.fixture'
import { freshFolder, newKey, removeFolders, writeFiles } from '../../bundle-format/sample-bundle.fixture'
import { bundleSheet } from '.'

afterAll(removeFolders)

const author = newKey()
const reviewer = newKey()
const statement = 'I checked <b>everything</b>.'
const trust = { fingerprint: fingerprintOf(author) }

async function aSignedBundle(): Promise<string> {
  const text = String((await buildBundleDocuments(aBundle())).get('card/model-card.json'))
  const folder = writeFiles({ 'README.md': '# x', 'card/model-card.json': text })
  await signDirectory(folder, { key: author })
  await countersign(folder, { key: reviewer, name: 'Rui <i>', meaning: 'reviewer', decision: 'reject', statement, anyAuthor: true })
  return folder
}

/** Cells of a row of a table, by the text of its head. */
const cell = (page: Document, head: string): string | undefined =>
  [...page.querySelectorAll('tr')]
    .find((row) => row.querySelector('th')?.textContent === head)
    ?.querySelector('td')
    ?.textContent?.trim()

describe('a decision sheet', () => {
  it('says of each decision who, what, when and by which key, and that a stranger does not count', async () => {
    const folder = await aSignedBundle()
    const { html, reference, title, at } = await bundleSheet('decisions', folder, trust)
    const page = parseHtml(html)
    expect(title).toBe('Decision sheet: strike-damage, version 2')
    expect(page.querySelector('h3')?.textContent).toMatch(/^1\. Rui <i> ✕ rejects$/)
    expect(cell(page, 'Statement')).toBe(statement)
    expect(cell(page, 'Key (SHA-256)')).toBe(fingerprintOf(reviewer))
    expect(cell(page, 'Who this is')).toMatch(/for whom nothing given vouches/)
    expect(cell(page, 'Time')).toMatch(/^\d{4}-.* \(.+\)$/)
    expect(cell(page, 'Bundle (SHA-256 of model.sig)')).toBe(reference.slice('bundle:sha256:'.length))
    expect(page.querySelector('.facts')?.textContent).toMatch(/Rejected by\s*nobody who counts/)
    expect(cell(page, 'Verified at')).toBe(at)
  })
})

describe('a sign-off page', () => {
  it('holds subject, verdict, open findings and room to sign', async () => {
    const page = parseHtml((await bundleSheet('sign-off', await aSignedBundle(), trust)).html)
    expect([...page.querySelectorAll('main h2')].map((each) => each.textContent)).toEqual([
      'Subject',
      'Verdict',
      'Open findings',
      'Decision of the committee'
    ])
    expect(page.querySelector('#verdict .badge')?.textContent).toContain('holds')
    const findings = aBundle().quality!.findings.filter(({ severity }) => severity !== 'info')
    for (const { title } of findings) expect(page.querySelector('#findings')?.textContent).toContain(title)
    const signatures = page.querySelector('#decision table')!
    expect([...signatures.querySelectorAll('thead th')].map((each) => each.textContent)).toEqual([
      'Name in print',
      'Role',
      'Date',
      'Signature'
    ])
    expect(signatures.querySelectorAll('tbody tr').length).toBe(4)
  })
  it('of an altered bundle says so, and takes nothing from a card that was not signed', async () => {
    const folder = await aSignedBundle()
    writeFileSync(join(folder, 'card', 'model-card.json'), '{"forged": true}')
    const page = parseHtml((await bundleSheet('sign-off', folder, trust)).html)
    expect(page.querySelector('#verdict .badge')?.textContent).toContain('altered')
    expect(page.querySelector('#findings .note.error')?.textContent).toContain('not what was signed')
    expect(page.querySelector('.facts')?.textContent).toMatch(/Open findings\s*not verified/)
  })
  it('is refused where no signature can be read', async () => {
    await expect(bundleSheet('sign-off', freshFolder(), trust)).rejects.toMatchObject({ name: 'WorkbenchError' })
    const folder = writeFiles()
    writeFileSync(join(folder, 'model.sig'), 'nothing')
    await expect(bundleSheet('sign-off', folder, trust)).rejects.toMatchObject({ code: 'SIGNATURE_INVALID' })
  })
})
