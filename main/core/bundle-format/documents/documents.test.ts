import { Spec, Validation } from '@cyclonedx/cyclonedx-library'
import { beforeAll, describe, expect, it } from 'vitest'
import { parse as parseYaml } from 'yaml'
import { modelCard } from '../../../model/model-card'
import { parseHtml } from '../../../testing/parse-html'
import { contrastProblems } from './contrast.fixture'
import { npmPurl } from './bill-of-materials'
import { buildBundleDocuments, type BundleDocuments } from './build-documents'
import { personLabel } from './bundle-facts'
import { aBundle, digestOf } from './bundle-facts.fixture'
import { deriveOperatingLimits } from './operate-documents'

const hostile =
  '"><script>alert(1)</script>\'`\n# h [x](javascript:alert(1)) <img src=x onerror=alert(1)> \u202e \u0000 ${x} {{y}} - \u540d'
const textOf = (documents: BundleDocuments, path: string): string => {
  const content = documents.get(path)
  if (typeof content !== 'string') throw new Error(`no text at ${path}`)
  return content
}

let documents: BundleDocuments
beforeAll(async () => {
  documents = await buildBundleDocuments(aBundle())
})

describe('the set of documents', () => {
  it('has every file that the layout of a bundle names, with safe paths', () => {
    expect([...documents.keys()]).toEqual([
      'README.md',
      'bom.cdx.json',
      'card/model-card.html',
      'card/model-card.json',
      `data/strikes-${digestOf('strikes').slice(0, 12)}.json`,
      'evidence/evaluation.json',
      'evidence/explanation.json',
      'evidence/fairness.json',
      'evidence/quality-report.json',
      'evidence/trials.json',
      'lineage/environment.json',
      'lineage/pipeline.yaml',
      'lineage/provenance.slsa.json',
      'log/events.json',
      'model/signature.json',
      'operate/rollout.yaml',
      'operate/runbook.md',
      'operate/slo.yaml',
      'policy/history.json',
      'policy/results.json'
    ])
  })

  it('is the same for the same facts, leaves the exporter its files, and needs a model', async () => {
    expect(await buildBundleDocuments(aBundle())).toEqual(documents)
    const facts = aBundle()
    const own = { ...facts, files: [...facts.files, { path: 'evidence/quality-report.json', sha256: digestOf('q'), size: 3 }] }
    expect((await buildBundleDocuments(own)).has('evidence/quality-report.json')).toBe(false)
    await expect(buildBundleDocuments({ ...facts, files: [] })).rejects.toMatchObject({ code: 'INVALID_INPUT' })
  })

  it('is made for a script model too, without training record, quality report, gate, pipeline or groups', async () => {
    const facts = aBundle()
    const bare = {
      ...facts,
      training: null,
      quality: null,
      gate: null,
      pipelineYaml: null,
      signer: null,
      datasets: [],
      trials: [],
      people: [],
      lineage: { pipelineRun: null, pipeline: null, steps: [] },
      evaluation: { ...facts.evaluation, fairness: null, roc: [], calibration: [], scores: [] }
    }
    const made = await buildBundleDocuments(bare)
    expect(made.has('policy/results.json')).toBe(false)
    expect(textOf(made, 'card/model-card.html')).toContain('No policy gate was run')
  })
})

describe('model card', () => {
  it('fits its schema and links every claim to a file with its digest', () => {
    const card = modelCard.parse(JSON.parse(textOf(documents, 'card/model-card.json')))
    const page = parseHtml(textOf(documents, 'card/model-card.html'))
    const trials = card.evidence.find((file) => file.path === 'evidence/trials.json')
    expect(trials?.sha256).toBe(digestOf(textOf(documents, 'evidence/trials.json')))
    expect(card.trials).toEqual({ total: 3, finished: 2, failed: 1, discarded: 1 })
    for (const file of card.evidence) {
      expect(page.querySelector(`a[href="./../${file.path}"], a[href="../${file.path}"]`)?.textContent).toBe(file.path)
      expect(page.body.textContent).toContain(file.sha256)
    }
    expect(page.body.textContent).toContain(card.statement)
    expect(page.querySelector('.demo')?.textContent).toContain('DEMO IDENTITIES')
  })

  it('draws five charts with real marks, names them, and puts a table behind each', () => {
    const page = parseHtml(textOf(documents, 'card/model-card.html'))
    const charts = [...page.querySelectorAll('svg.chart')]
    expect(charts.map((chart) => chart.querySelector('title')?.textContent)).toEqual([
      'ROC curve',
      'Calibration',
      'Scores',
      'Selection rate by group',
      'Importance of the features'
    ])
    for (const chart of charts) {
      expect(chart.getAttribute('role')).toBe('img')
      expect(chart.getAttribute('aria-label')?.length).toBeGreaterThan(10)
      expect(chart.closest('figure')?.querySelectorAll('details table tbody tr').length).toBeGreaterThan(1)
    }
    expect(charts[1]?.querySelectorAll('circle').length).toBe(10)
    expect(charts[1]?.querySelectorAll('.whisker').length).toBe(10)
    const [first] = [...(charts[3]?.querySelectorAll('.series rect') ?? [])].map((bar) => Number(bar.getAttribute('width')))
    expect(first).toBeGreaterThan(100)
    expect(page.documentElement.outerHTML).not.toMatch(/NaN|undefined|\[object/)
  })

  it('has one heading order, unique ids, a language and targets for all its anchors', () => {
    const page = parseHtml(textOf(documents, 'card/model-card.html'))
    expect(page.documentElement.lang).toBe('en')
    expect(page.querySelectorAll('h1').length).toBe(1)
    const ids = [...page.querySelectorAll('[id]')].map((element) => element.id)
    expect(new Set(ids).size).toBe(ids.length)
    for (const anchor of page.querySelectorAll('a[href^="#"]')) expect(ids).toContain(anchor.getAttribute('href')?.slice(1))
    for (const table of page.querySelectorAll('table')) expect(table.querySelectorAll('th[scope]').length).toBeGreaterThan(0)
  })

  it('keeps text contrast at WCAG AA in light and in dark', () => {
    expect(contrastProblems()).toEqual([])
  })
})

describe('hostile names', () => {
  let made: BundleDocuments
  beforeAll(async () => {
    made = await buildBundleDocuments(aBundle(hostile))
  })

  it('stay text in the card', () => {
    const page = parseHtml(textOf(made, 'card/model-card.html'))
    expect(page.querySelectorAll('script,img,iframe,link,object,form').length).toBe(0)
    for (const element of page.querySelectorAll('*'))
      for (const { name, value } of element.attributes) {
        expect(name.startsWith('on')).toBe(false)
        if (name === 'href') expect(value).toMatch(/^(#|\.)/)
      }
    expect(textOf(made, 'card/model-card.html')).not.toMatch(/[\u202e\u0000]/)
    expect(page.querySelector('h1')?.textContent).toContain('<script>alert(1)</script>')
  })

  it('cannot change the Markdown, the YAML, the JSON or the paths', () => {
    for (const path of ['README.md', 'operate/runbook.md']) {
      const text = textOf(made, path)
      expect(text).not.toMatch(/^# h/m)
      const outsideCode = text.replace(/(?<![\\`])(`+)(?!`)[\s\S]*?(?<!`)\1(?!`)/g, '')
      expect(outsideCode).not.toMatch(/[^\\]<(script|img)/)
      expect(outsideCode).not.toMatch(/[^\\]\]\(javascript:/)
    }
    expect(parseYaml(textOf(made, 'operate/rollout.yaml')).rollback.tell).toBe(hostile)
    for (const [path, content] of made) {
      expect(path).toMatch(/^[A-Za-z0-9][A-Za-z0-9./-]*$/)
      if (path.endsWith('.json')) JSON.parse(content as string)
    }
  })
})

describe('bill of materials', () => {
  it('is strict CycloneDX 1.7 with the model card, the data and the packages by digest', async () => {
    const text = textOf(documents, 'bom.cdx.json')
    expect(await new Validation.JsonStrictValidator(Spec.Version.v1dot7).validate(text)).toBeNull()
    const bom = JSON.parse(text)
    expect(bom.$schema).toBe('http://cyclonedx.org/schema/bom-1.7.schema.json')
    expect(bom.metadata.component.hashes.map(({ content }: { content: string }) => content)).toEqual([digestOf('model'), 'ab'.repeat(64)])
    expect(bom.metadata.component.modelCard.quantitativeAnalysis.performanceMetrics[0]).toMatchObject({
      type: 'auc',
      value: '0.871',
      confidenceInterval: { lowerBound: '0.858' }
    })
    expect(bom.components.filter((component: { type: string }) => component.type === 'data')[0].hashes[0].content).toBe(digestOf('strikes'))
    expect(bom.components.map((component: { purl?: string }) => component.purl)).toContain('pkg:npm/%40duckdb/node-api@1.5.5-r.5')
    expect(npmPurl('@a/b', '1.0.0+c')).toBe('pkg:npm/%40a/b@1.0.0%2Bc')
    expect(bom.serialNumber).toMatch(/^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  })

  it('is refused by the same validator when a field is wrong, so the check is a check', async () => {
    const bom = JSON.parse(textOf(documents, 'bom.cdx.json'))
    bom.metadata.component.modelCard.modelParameters.approach.type = 'guessing'
    expect(await new Validation.JsonStrictValidator(Spec.Version.v1dot7).validate(JSON.stringify(bom))).not.toBeNull()
  })
})

describe('provenance', () => {
  it('is a SLSA v1 statement about the model; what a step made is no dependency, what a step only hands on is one', () => {
    const statement = JSON.parse(textOf(documents, 'lineage/provenance.slsa.json'))
    expect(statement).toMatchObject({ _type: 'https://in-toto.io/Statement/v1', predicateType: 'https://slsa.dev/provenance/v1' })
    expect(statement.subject[0]).toEqual({ name: 'model/model.onnx', digest: { sha256: digestOf('model') } })
    const { buildDefinition, runDetails } = statement.predicate
    const digests = (items: { digest: { sha256: string } }[]): string[] => items.map((item) => item.digest.sha256)
    expect(digests(buildDefinition.resolvedDependencies)).toEqual([digestOf('strikes'), digestOf('pipeline'), digestOf('code')])
    expect(digests(runDetails.byproducts)).toEqual([digestOf('table'), digestOf('log')])
    expect(buildDefinition.buildType).toBe('urn:drydock:pipeline-run:v1')
    expect(runDetails.metadata.startedOn).toBe('2026-05-04T09:59:00.000Z')
    expect(buildDefinition.internalParameters.steps.map((step: { id: string }) => step.id)).toEqual(['source', 'features', 'train'])
  })
})

describe('operation', () => {
  it('derives its limits from what was measured', () => {
    const facts = aBundle()
    const limits = deriveOperatingLimits(facts)
    expect(limits.latencyP99).toBeCloseTo(0.00093, 6)
    expect(limits.selectionBand[0]).toBeLessThan(limits.selectionRate)
    expect(limits.selectionBand[1]).toBeGreaterThan(limits.selectionRate)
    expect(limits.shadowRows * (facts.evaluation.rows.positives / facts.evaluation.rows.judged)).toBeGreaterThanOrEqual(50)
    const objectives = parseYaml(textOf(documents, 'operate/slo.yaml')).objectives
    expect(objectives.map((objective: { id: string }) => objective.id)).toEqual(['latency', 'refused', 'selection-rate', 'ranking'])
    expect(objectives[0].at_most).toBe(limits.latencyP99)
    expect(objectives[1]).toMatchObject({ measured_before_release: 0.003, basis: expect.stringContaining('6 of the 2000 test rows') })
    expect(objectives[1].at_most).toBeGreaterThan(0.003)
    expect(objectives.every((objective: { basis: string }) => objective.basis.length > 10)).toBe(true)
    expect(textOf(documents, 'operate/runbook.md')).toContain('"phase_of_flight": np.array([["Approach"]], dtype=object)')
    expect(textOf(documents, 'operate/runbook.md')).toContain('missing was never seen in training: refuse it')
  })

  it('names the exact answers to expect before the first case, and no objective that is not there', async () => {
    const before: { check: string; expect: string }[] = parseYaml(textOf(documents, 'operate/rollout.yaml')).before
    const expected = (check: string) => before.find((item) => item.check === check)?.expect ?? ''
    expect(expected('deployed model')).toBe(digestOf('model'))
    expect(expected('files and signer')).toContain(digestOf('key'))
    expect(expected('same answers in your runtime')).toContain('100 probabilities')
    const facts = aBundle()
    const failed = { ...facts.gate!, outcome: 'fail' as const }
    const { metrics } = facts.evaluation
    const bare = {
      ...facts,
      gate: failed,
      sample: null,
      evaluation: { ...facts.evaluation, metrics: { ...metrics, auc: { ...metrics.auc, interval: null } } }
    }
    const made = await buildBundleDocuments(bare)
    const plan = parseYaml(textOf(made, 'operate/rollout.yaml'))
    const objectives = parseYaml(textOf(made, 'operate/slo.yaml')).objectives.map((objective: { id: string }) => objective.id)
    expect(objectives).not.toContain('ranking')
    for (const phase of plan.phases) for (const id of phase.continue_when) expect(objectives).toContain(id)
    expect(JSON.stringify(plan.before)).toContain('DID NOT PASS')
    expect(JSON.stringify(plan.before)).not.toContain('sample-inputs')
    expect(textOf(made, 'operate/slo.yaml')).toContain('it was not measured before release')
  })

  it('tells the operator what the gate let through and where the model finds least', () => {
    const facts = aBundle()
    const unmet = facts.gate!.results.filter((result) => result.outcome !== 'pass')
    const { groups } = facts.evaluation.fairness!
    const worst = groups.filter((group) => group.compared).sort((a, b) => a.truePositiveRate! - b.truePositiveRate!)[0]!
    const text = textOf(documents, 'operate/runbook.md')
    for (const result of unmet) expect(text).toContain(result.title)
    expect(text).toContain(`is \`${worst.group}\`: ${(worst.truePositiveRate! * 100).toFixed(0)} % of ${worst.positives}`)
    expect(text).toContain('6 of the 2000 test rows would have been')
  })
})

describe('what must not be left out', () => {
  it('is every gate, every trial and the place of every entry of the record', () => {
    expect(JSON.parse(textOf(documents, 'policy/history.json')).gates).toMatchObject([
      { enclosed: true },
      { outcome: 'fail', policy: 'strict' }
    ])
    expect(textOf(documents, 'README.md')).toContain('Other gates over this model: 1, of which 1 did not pass')
    expect(textOf(documents, 'card/model-card.html')).toContain('Other gates that were run over this model')
    const { counts } = JSON.parse(textOf(documents, 'evidence/trials.json'))
    expect(counts).toEqual({ total: 3, finished: 2, failed: 1, cancelled: 0, running: 0, discarded: 1 })
    const log = JSON.parse(textOf(documents, 'log/events.json'))
    expect(log).toMatchObject({
      intact: true,
      entries: 2,
      head: digestOf('registered'),
      events: [{ index: 0 }, { index: 1, previous: digestOf('other work') }]
    })
  })

  it('is no other gate where there was none', async () => {
    const facts = aBundle()
    const made = await buildBundleDocuments({ ...facts, gates: facts.gates.filter((gate) => gate.enclosed) })
    expect(textOf(made, 'README.md')).not.toContain('Other gates')
    expect(textOf(made, 'card/model-card.html')).not.toContain('Other gates')
    for (const name of ['README.md', 'card/model-card.html']) expect(textOf(made, name)).not.toMatch(/superseded/i)
    const superseded = await buildBundleDocuments({ ...facts, gateSuperseded: true })
    expect(textOf(superseded, 'README.md')).toContain('passed under a SUPERSEDED version of its policy')
    expect(textOf(superseded, 'card/model-card.html')).toContain('This version of the policy has been superseded')
  })

  it('is what each enclosed file is for, by its name or else by its folder', async () => {
    const facts = aBundle()
    const enclosed = ['data/extra.json', 'policy/tests.yaml', 'lineage/code/index.json', 'model/extra.bin', 'notes.txt']
    const files = [...facts.files, ...enclosed.map((path) => ({ path, sha256: digestOf(path), size: 1 }))]
    const card = modelCard.parse(JSON.parse(textOf(await buildBundleDocuments({ ...facts, files }), 'card/model-card.json')))
    const claims = new Map(card.evidence.map(({ path, claim }) => [path, claim]))
    expect(claims.get('model/model.onnx')).toBe('The model itself, preprocessing included')
    expect(enclosed.map((path) => claims.get(path))).toEqual([
      'Manifest of a dataset version',
      'Policy source',
      'Code of the run',
      'Part of the model',
      'Enclosed file'
    ])
  })

  it('is how a figure was measured', () => {
    const { bootstrap, rows } = aBundle().evaluation
    const card = textOf(documents, 'card/model-card.html')
    expect(card).toContain(
      `percentile bootstrap, ${bootstrap.samples.toLocaleString('en-US')} resamples of the ${rows.judged.toLocaleString('en-US')} rows`
    )
    expect(card).toContain('by shuffling it once on at most 1,000 training rows, where a column that was learned by heart looks important')
    const { measures } = JSON.parse(textOf(documents, 'evidence/explanation.json'))
    expect(measures.permutation).toContain('8000 training rows')
  })

  it('is that an identity is a demonstration, said once', () => {
    for (const path of ['README.md', 'bom.cdx.json', 'operate/runbook.md']) {
      expect(textOf(documents, path)).toContain('Maya Okafor (demo identity)')
      expect(textOf(documents, path)).not.toContain('(demo identity) (demo identity)')
    }
    expect(personLabel({ name: 'Ada Demo (demo identity)', demo: true })).toBe('Ada Demo (demo identity)')
    expect(personLabel({ name: 'Ada', demo: false })).toBe('Ada')
  })
})

describe('rows that training and test share', () => {
  const cardOf = async (change: object) => {
    const facts = aBundle()
    const made = await buildBundleDocuments({ ...facts, evaluation: { ...facts.evaluation, ...change } })
    const html = parseHtml(textOf(made, 'card/model-card.html'))
    return {
      card: modelCard.parse(JSON.parse(textOf(made, 'card/model-card.json'))),
      note: html.querySelector('#evaluation .note.error'),
      warning: html.querySelector('#evaluation .note.warn'),
      judgedOn: /Judged on .*?, /.exec(html.querySelector('#evaluation')?.textContent ?? '')?.[0],
      fact: [...html.querySelectorAll('.badge')].some((badge) => /rows/.test(badge.textContent ?? ''))
    }
  }

  it('stand in red on the card, beside the figures and at its head', async () => {
    const { subject, rows } = aBundle().evaluation
    const none = await cardOf({})
    expect([none.card.evaluation.independence?.verdict, none.note, none.fact]).toEqual(['independent', null, false])
    const same = await cardOf({ subject: { ...subject, trainingRows: subject!.rows }, rowsShared: rows.judged })
    expect(same.card.evaluation.independence).toMatchObject({ sameTable: true, verdict: 'not-independent' })
    expect([none.judgedOn, same.judgedOn]).toEqual([
      expect.stringMatching(/^Judged on .* rows of the split "/),
      expect.stringMatching(/^Judged on .* training rows, $/)
    ])
    expect([same.note?.textContent, same.fact]).toEqual([expect.stringContaining('rows that the model was trained on'), true])
    const few = await cardOf({ rowsShared: 1 })
    expect([few.card.evaluation.independence?.verdict, few.note?.textContent]).toEqual([
      'few-shared',
      expect.stringMatching(/^\s*1 of the judged rows/)
    ])
  })

  it('stand there in red too, where only groups or times tie the two', async () => {
    const group = { column: 'patient', role: 'group', shared: 37, of: 40, rows: 118, unnamed: 0 }
    const tied = await cardOf({ splitCheck: { judgedRows: 200, groups: [group], times: [] } })
    expect([tied.card.evaluation.splitCheck?.groups, tied.note?.textContent, tied.fact]).toEqual([
      [group],
      expect.stringContaining('37 of 40 values of "patient" are on both sides'),
      true
    ])
    const apart = await cardOf({ splitCheck: { judgedRows: 200, groups: [{ ...group, shared: 0, rows: 0 }], times: [] } })
    // Rows of one patient are drawn as if each stood alone: said beside the intervals, and no tie to the training.
    expect([apart.note, apart.fact, apart.warning?.textContent?.trim()]).toEqual([
      null,
      false,
      'Rows of one "patient" count as independent here: 200 judged rows of 40 values. The intervals are likely too narrow.'
    ])
    const single = await cardOf({ splitCheck: { judgedRows: 40, groups: [{ ...group, shared: 0, rows: 0 }], times: [] } })
    expect([single.note, single.fact, single.warning]).toEqual([null, false, null])
    const open = await cardOf({ splitCheck: { judgedRows: 200, groups: [], times: [], absent: [{ column: 'patient', role: 'group' }] } })
    expect(open.warning?.textContent).toContain('Group overlap not checked: column "patient" is not in the tables')
  })

  it('are not claimed to be absent where the training rows are not known', async () => {
    const { subject } = aBundle().evaluation
    const { card, note } = await cardOf({ subject: { ...subject, trainingRows: null }, rowsShared: null })
    expect([card.evaluation.independence?.verdict, note]).toEqual(['not-known', null])
  })
})
