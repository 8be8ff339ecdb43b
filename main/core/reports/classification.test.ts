import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { bannerColours } from '../../model/machine-settings'
import { contrast } from '../bundle-format/documents/contrast.fixture'
import { htmlPage } from './page'

const root = mkdtempSync(join(tmpdir(), 'drydock-mark-'))
const { DRYDOCK_MACHINE_SETTINGS } = process.env
afterAll(() => {
  if (DRYDOCK_MACHINE_SETTINGS === undefined) delete process.env.DRYDOCK_MACHINE_SETTINGS
  else process.env.DRYDOCK_MACHINE_SETTINGS = DRYDOCK_MACHINE_SETTINGS
  rmSync(root, { recursive: true, force: true })
})

describe('the classification of a computer', () => {
  it('can be read in every colour', () => {
    for (const [tone, { ground, text }] of Object.entries(bannerColours)) expect(contrast(ground, text), tone).toBeGreaterThanOrEqual(7)
  })
  it('stands above and below every page, as text', () => {
    const page = () => htmlPage({ title: 'Report', sections: [], footer: 'end' })
    expect(page()).not.toContain('class="mark')
    process.env.DRYDOCK_MACHINE_SETTINGS = join(root, 'machine.yaml')
    writeFileSync(
      process.env.DRYDOCK_MACHINE_SETTINGS,
      'schema: drydock.machine/1\nversion: 1\nname: Lab\nclassification: { text: "Secret <b>", tone: red }\n'
    )
    const marked = page()
    const band = '<div class="mark red" role="note">Secret &lt;b&gt;</div>'
    expect(marked.split(band)).toHaveLength(3)
    expect(marked.indexOf(band)).toBeLessThan(marked.indexOf('<header'))
    expect(marked.lastIndexOf(band)).toBeGreaterThan(marked.indexOf('</footer>'))
  })
})
