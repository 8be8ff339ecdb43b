import { describe, expect, it } from 'vitest'
import { parseHtml } from '../../../testing/parse-html'
import { aBundle, digestOf } from './bundle-facts.fixture'
import { buildBundleDocuments } from './build-documents'
import type { BundleFacts } from './bundle-facts'

/** What a reader sees of a page, a line for each thing: charts by their words, coloured marks and notes with their colour. */
function linesOf(page: string): string {
  const { body } = parseHtml(page)
  for (const gone of body.querySelectorAll('style, script')) gone.remove()
  for (const chart of body.querySelectorAll('svg')) chart.replaceWith(`chart: ${chart.getAttribute('aria-label') ?? ''}`)
  for (const mark of body.querySelectorAll('.badge, .note')) mark.prepend(`[${mark.className}] `)
  for (const link of body.querySelectorAll('a')) link.append(` <${link.getAttribute('href') ?? ''}>`)
  for (const cell of body.querySelectorAll('th, td')) cell.append(' | ')
  for (const block of body.querySelectorAll('h1, h2, h3, p, li, tr, caption, summary, dt, dd, div, section')) block.append('\n')
  const lines = (body.textContent ?? '').split('\n').map((line) => line.replace(/\s+/g, ' ').trim())
  return lines.filter(Boolean).join('\n')
}

/** All that is written of a bundle but what is the evaluation, the signature or the report of a gate as it was given. */
async function toldOf(facts: BundleFacts): Promise<string> {
  const asGiven = {
    'model/signature.json': facts.signature,
    'evidence/evaluation.json': facts.evaluation,
    'evidence/fairness.json': facts.evaluation.fairness,
    'evidence/quality-report.json': facts.quality,
    'policy/results.json': facts.gate
  }
  const documents = await buildBundleDocuments(facts)
  for (const [path, value] of Object.entries(asGiven))
    expect([path, documents.get(path)]).toEqual([path, value === null ? undefined : `${JSON.stringify(value, null, 2)}\n`])
  return [...documents]
    .map(
      ([path, content]) =>
        `==== ${path}\n${path in asGiven ? 'as given' : path.endsWith('.html') ? linesOf(String(content)) : String(content)}`
    )
    .join('\n')
}

/** A model of a script about which little is known, that asks nothing of anybody. */
function little(): BundleFacts {
  const facts = aBundle()
  const { metrics } = facts.evaluation
  const bare = (estimate: { value: number | null }) => ({ ...estimate, interval: null })
  return {
    ...facts,
    demo: false,
    model: {
      ...facts.model,
      version: 1,
      intendedUse: '',
      outOfScope: ' ',
      limitations: [],
      riskTier: 'high',
      owner: { name: ' ', role: 'owner', demo: false }
    },
    people: [{ name: 'Ada', role: 'author', demo: false }],
    signer: null,
    run: {
      ...facts.run,
      startedAt: null,
      finishedAt: null,
      codeSha256: null,
      seeds: {},
      parameters: {},
      environment: { ...facts.run.environment, packages: {}, versions: {} }
    },
    evaluation: {
      ...facts.evaluation,
      rowsShared: null,
      subject: null,
      fairness: null,
      metrics: { ...metrics, auc: bare(metrics.auc), recall: { value: null, interval: null } }
    },
    signature: {
      ...facts.signature,
      inputs: [
        { name: 'a', input: 'a', kind: 'number', tensor: 'float', missing: 'NaN', missingShare: 0 },
        { name: 'b', input: 'b', kind: 'category', tensor: 'string', missing: 'empty string', missingShare: 0.1, categories: [] }
      ]
    },
    training: null,
    datasets: [],
    quality: null,
    gate: null,
    gates: [],
    sample: null,
    lineage: { pipelineRun: null, pipeline: null, steps: [] },
    pipelineYaml: null,
    trials: [],
    log: { intact: false, entries: [] }
  }
}

/** A model with a fault in every place that can have one. */
function rough(): BundleFacts {
  const facts = aBundle()
  const { evaluation, training, gate } = facts
  const [first, second, third, ...more] = gate!.results
  const features = Array.from({ length: 23 }, (_, index) => `feature ${index}`)
  return {
    ...facts,
    demo: false,
    model: { ...facts.model, owner: { name: 'Maya', role: 'owner', demo: false }, intendedUse: 'One.\n\nTwo.' },
    signer: { name: 'Maya', curve: 'P-384', keyFingerprint: digestOf('key'), form: 'certificate' },
    evaluation: { ...evaluation, rowsShared: 1 + Math.floor(evaluation.rows.judged / 50) },
    training: {
      ...training!,
      algorithm: 'logistic-regression',
      rows: { ...training!.rows, validation: 2000 },
      importances: features.map((feature, index) => ({ feature, gain: (index % 7) / 50, uses: 1, permutation: index === 0 ? null : 0.1 }))
    },
    datasets: [
      {
        name: '--\u00c9t\u00e9 2024/5 --',
        sha256: digestOf('one'),
        rows: 12,
        columns: [{ name: 'a', type: 'DOUBLE', unit: null }],
        source: '',
        licence: ' ',
        sensitivity: 'internal'
      },
      {
        name: '\u540d',
        sha256: digestOf('table'),
        rows: 3,
        columns: [],
        source: `file ${digestOf('x')}`,
        licence: 'MIT',
        sensitivity: 'public',
        use: 'test'
      }
    ],
    quality: {
      ...facts.quality!,
      counts: { error: 1, warning: 1, info: 1 },
      findings: (['error', 'warning', 'info'] as const).map((severity, index) => ({
        ...facts.quality!.findings[0]!,
        severity,
        columns: ['a', 'b'].slice(0, index),
        meaning: index === 0 ? '' : 'It means something.'
      }))
    },
    gate: {
      ...gate!,
      outcome: 'fail',
      results: [
        { ...first!, outcome: 'fail', severity: 'block', reference: undefined },
        {
          ...second!,
          outcome: 'error',
          severity: 'block',
          errorDetail: 'No such fact.',
          evidence: [
            { fact: 'a.b_c', value: undefined, present: false },
            { fact: 'list', value: ['x', 'y'], present: true },
            { fact: 'text', value: 'x', present: true },
            { fact: 'pi', value: Math.PI, present: true }
          ]
        },
        { ...third!, outcome: 'fail', severity: 'warn', errorDetail: undefined },
        ...more
      ] as NonNullable<BundleFacts['gate']>['results'],
      tests: gate!.tests.map((test, index) => ({ ...test, passed: index > 0 }))
    },
    gates: [
      { policy: 'own', policySha256: digestOf('own'), outcome: 'fail', at: facts.generatedAt, enclosed: true },
      { policy: 'first', policySha256: digestOf('first'), outcome: 'pass', at: facts.generatedAt, enclosed: false },
      { policy: 'second', policySha256: digestOf('second'), outcome: 'fail', at: facts.generatedAt, enclosed: false },
      { policy: 'third', policySha256: digestOf('third'), outcome: 'fail', at: facts.generatedAt, enclosed: false }
    ],
    sample: { rows: 0, tested: 0, refused: 0 },
    trials: (['finished', 'failed', 'cancelled', 'running'] as const).map((status) => ({ ...facts.trials[0]!, status })),
    files: [
      ...facts.files,
      ...['model/a.bin', 'lineage/code/a.py', 'data/x.arrow', 'policy/b.yaml', 'aaa.txt', 'evidence/quality-report.html'].map((path) => ({
        path,
        sha256: digestOf(path),
        size: 2048
      }))
    ]
  }
}

// After a change that is meant, `npx vitest -u` writes them anew; the difference is then what readers of new bundles will see.
describe('what the documents of a bundle say, word for word', () => {
  it.each<[string, () => BundleFacts]>([
    ['whole', aBundle],
    ['little', little],
    ['rough', rough]
  ])('%s', async (name, facts) => {
    await expect(await toldOf(facts())).toMatchFileSnapshot(`fixtures/${name}.txt`)
  })
})
