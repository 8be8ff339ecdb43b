import { describe, expect, it } from 'vitest'
import type { GlassBox } from '../../../model/glass-box'
import { modelCard } from '../../../model/model-card'
import { parseHtml } from '../../../testing/parse-html'
import { buildBundleDocuments, type BundleDocuments } from './build-documents'
import { aBundle } from './bundle-facts.fixture'

const textOf = (documents: BundleDocuments, path: string): string => String(documents.get(path))

describe('what a bundle says of the learning', () => {
  it('is on which rows a column was shuffled, how often, and how sure the figure is', async () => {
    const facts = aBundle()
    const importance = {
      rows: 640,
      repeats: 10,
      columns: [
        { feature: 'speed', value: 0.08, low: 0.05, high: 0.11 },
        { feature: 'species', value: -0.001, low: -0.01, high: 0.008 }
      ]
    }
    const made = await buildBundleDocuments({ ...facts, evaluation: { ...facts.evaluation, importance } })
    expect(textOf(made, 'card/model-card.html')).toContain(
      'by shuffling it 10 times on 640 judged rows, with 95 % intervals over rows and shuffles'
    )
    const { evaluation } = modelCard.parse(JSON.parse(textOf(made, 'card/model-card.json')))
    expect(evaluation.importance[0]).toEqual({ feature: 'speed', measure: 'permutation', value: 0.08, low: 0.05, high: 0.11 })
    expect(JSON.parse(textOf(made, 'evidence/explanation.json')).judged).toMatchObject({
      rows: 640,
      measure: expect.stringMatching(/10 shuffles on 640 judged rows/)
    })
    const training = {
      ...facts.training!,
      shuffled: { on: 'validation' as const, rows: 300, repeats: 10 },
      rows: { ...facts.training!.rows, validation: 300 }
    }
    const watched = await buildBundleDocuments({ ...facts, training })
    expect(textOf(watched, 'card/model-card.html')).toContain('by shuffling it 10 times on 300 validation rows')
    expect(JSON.parse(textOf(watched, 'evidence/explanation.json')).measures.permutation).toContain('which the fit did not learn from')
  })

  it('is the whole table of a scorecard, in the card and as evidence', async () => {
    const facts = aBundle()
    const line = { rows: 400, events: 20, woe: 0.5, iv: 0.02 }
    const glassBox = {
      ...{ schema: 'drydock.glass-box', version: 1, kind: 'points', algorithm: 'scorecard', target: 'damaged', event: true },
      ...{ basePoints: 0, factor: 20 / Math.LN2, offset: 487 },
      columns: [
        { feature: 'speed', iv: 0.3, weight: -0.9 },
        { feature: 'phase', iv: 0.001, weight: null }
      ],
      lines: [
        { ...line, feature: 'speed', bin: 'up to <90>', points: 520 },
        { ...line, feature: 'speed', bin: 'missing', points: 487 }
      ]
    } satisfies GlassBox
    const made = await buildBundleDocuments({ ...facts, glassBox })
    const card = textOf(made, 'card/model-card.html')
    // 487 points are even odds here, and 33 more about a third of them.
    for (const said of [
      'Table of points',
      'up to &lt;90&gt;',
      '20 points more halve the odds',
      '487 points are a probability of 50 %',
      '24.2 %'
    ])
      expect(card).toContain(said)
    expect(card).toContain('Without points, for too little information beyond the others: phase.')
    expect(JSON.parse(textOf(made, 'evidence/glass-box.json'))).toEqual(glassBox)
    expect(modelCard.parse(JSON.parse(textOf(made, 'card/model-card.json'))).points).toEqual(glassBox)
    expect(textOf(await buildBundleDocuments(facts), 'card/model-card.html')).not.toContain('Table of points')
  })

  it('is each term of a linear model, with its interval or why it has none', async () => {
    const facts = aBundle()
    const speed = { feature: 'speed', term: 'number' as const, estimate: 0.01234567, error: 0.002, low: 0.008, high: 0.016 }
    const phase = { feature: 'phase', term: 'level' as const, level: 'Climb <up>', reference: 'Approach', estimate: 1.5 }
    const coefficients = [
      { ...speed, basis: 'ridge' as const, ratio: { of: 'odds' as const, value: 1.0124, low: 1.008, high: 1.0161 } },
      { ...phase, error: null, low: null, high: null, basis: 'separated' as const }
    ]
    const made = await buildBundleDocuments({ ...facts, training: { ...facts.training!, coefficients } })
    const card = textOf(made, 'card/model-card.html')
    for (const said of [
      '0.01235',
      '0.008 to 0.016',
      'Odds ratio',
      '1.008 to 1.016',
      'phase = Climb &lt;up&gt;',
      'Approach',
      'No interval: the outcome'
    ])
      expect(card).toContain(said)
    expect(modelCard.parse(JSON.parse(textOf(made, 'card/model-card.json'))).coefficients).toEqual(coefficients)
    expect(JSON.parse(textOf(made, 'evidence/explanation.json')).coefficients.terms).toEqual(coefficients)
    expect(textOf(await buildBundleDocuments(facts), 'card/model-card.html')).not.toContain('Coefficients')
  })

  it('is what a text counts as that the model does not tell apart, of each model the truth', async () => {
    const facts = aBundle()
    const saying = async (change: object) => {
      const inputs = facts.signature.inputs.map((input) => (input.tensor === 'string' ? { ...input, ...change } : input))
      const made = await buildBundleDocuments({ ...facts, signature: { ...facts.signature, inputs } })
      return `${textOf(made, 'card/model-card.html')}\n${textOf(made, 'operate/runbook.md')}`.match(
        /(?<=scored as |>)(?:one of the rare texts of training|the average row that has a text|a missing value)/g
      )
    }
    expect(await saying({ unlisted: 'average' })).toEqual(Array(2).fill('the average row that has a text'))
    expect(await saying({ unlisted: 'rare' })).toEqual(Array(2).fill('one of the rare texts of training'))
    // Models of the first versions: rare texts had a bucket, and where there were none an unknown one counts as missing.
    expect(await saying({ categoryCount: 16 })).toEqual(Array(2).fill('a missing value'))
    expect(await saying({ categoryCount: 40 })).toEqual(Array(2).fill('one of the rare texts of training'))
    const unlisted = [
      { column: 'phase_of_flight', rows: 12, share: 0.006, shareInTraining: 0, texts: 3, examples: ['x'], countsAs: 'average' as const }
    ]
    const made = await buildBundleDocuments({ ...facts, evaluation: { ...facts.evaluation, unlisted } })
    expect(textOf(made, 'card/model-card.html')).toContain('among the judged rows: &quot;phase_of_flight&quot; in 12 (0.6 %)')
  })

  it('is whether the model beats the base rate', async () => {
    const facts = aBundle()
    const noteOf = async (verdict: 'better' | 'worse' | 'cannot be told') => {
      const gain = { value: verdict === 'worse' ? -0.02 : 0.02, lower: -0.03, upper: 0.05 }
      const baseline = { rate: 0.09, of: 'training rows' as const, log_loss: 0.3, brier: 0.08, gain, verdict }
      const made = await buildBundleDocuments({ ...facts, evaluation: { ...facts.evaluation, baseline } })
      const note = [...parseHtml(textOf(made, 'card/model-card.html')).querySelectorAll('#evaluation .note')].find((each) =>
        /base rate/.test(each.textContent ?? '')
      )!
      return `${note.className}: ${note.textContent!.trim()}`
    }
    expect(await noteOf('better')).toMatch(
      /^note info: The model beats the base rate: stating 9\.0 % for every row.*0\.3000, the model 0\.2800/
    )
    expect(await noteOf('worse')).toMatch(/^note error: The model does worse than the base rate/)
    expect(await noteOf('cannot be told')).toMatch(/^note warn: The model is not shown to beat the base rate/)
  })
})
