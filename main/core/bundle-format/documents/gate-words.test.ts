import { expect, it } from 'vitest'
import { buildBundleDocuments, type BundleDocuments } from './build-documents'
import { aBundle } from './bundle-facts.fixture'

const textOf = (documents: BundleDocuments, path: string): string => String(documents.get(path))

it('names the engines that computed, in the provenance and on the card', async () => {
  const facts = aBundle()
  const environment = { ...facts.run.environment, versions: { ...facts.run.environment.versions, 'engines.duckdb': '1.5.5' } }
  const made = await buildBundleDocuments({ ...facts, run: { ...facts.run, environment } })
  const { runDetails } = JSON.parse(textOf(made, 'lineage/provenance.slsa.json')).predicate
  expect(runDetails.builder.version).toEqual(expect.objectContaining({ drydock: facts.drydockVersion, duckdb: '1.5.5' }))
  expect(JSON.parse(textOf(made, 'card/model-card.json')).run.environment).toMatchObject({ 'engines.duckdb': '1.5.5' })
})

it('says what a gate came to that is neither a pass nor a plain failure, and that its policy was changed', async () => {
  const facts = aBundle()
  const readmeOf = async (more: Partial<typeof facts>) => {
    const made = await buildBundleDocuments({ ...facts, ...more })
    return [textOf(made, 'README.md'), textOf(made, 'card/model-card.html')]
  }
  const shortfall = (kind: 'undecided' | 'no gate') => ({ gate: { ...facts.gate!, outcome: 'fail' as const, shortfall: kind } })
  expect((await readmeOf(shortfall('undecided')))[0]).toContain('Policy gate: could NOT be decided, so it did not pass')
  expect((await readmeOf(shortfall('no gate')))[0]).toContain('Policy gate: is NO gate')
  const gateChanged = 'failed under 3f2a0b1c, passed under 9c1b2d3e, weakened by Ada on 2026-05-04'
  for (const text of await readmeOf({ gateChanged, gateSuperseded: true })) expect(text).toContain(gateChanged)
})
