import { describe, expect, it } from 'vitest'
import { runMetricsOf } from '../../model/run-metrics'
import { sha256 } from '../../storage/objects/durable-files'
import { aBundle, digestOf } from '../bundle-format/documents/bundle-facts.fixture'
import { judgeGate } from './enclosed-gate'

const policy = (...rules: string[]) => `schema: drydock.policy
version: 1
name: alone
title: Alone
rules:
${rules.map((rule, at) => `  - { id: r${at}, title: Rule ${at}, severity: block, expression: '${rule}', message: Mend it. }`).join('\n')}
`

const facts = aBundle()
const signature = JSON.stringify(facts.signature)
const about = { ...facts.evaluation.subject!, manifest: digestOf('files') }
const trained = {
  ...facts.training!,
  trainingTable: { sha256: about.trainingRows },
  files: { ...facts.training!.files, signature: { path: 'signature.json', sha256: sha256(signature), bytes: signature.length } }
}
const evaluated = (subject: object | null) => JSON.stringify({ ...facts.evaluation, subject })
const checked = (table: string) =>
  JSON.stringify({
    ...{ format: 'drydock-quality/1', subject: 'table', sha256: digestOf(table), rows: 9, columnCount: 1, target: null, features: [] },
    ...{ counts: { error: 0, warning: 0, info: 0 }, findings: [] }
  })
const by = (name: string) => ({ name, digest: { sha256: digestOf(name) } })
/** Steps that divided a table and trained the model on a part of it. */
const made = (...files: string[]) =>
  JSON.stringify({
    predicate: {
      buildDefinition: {
        internalParameters: {
          steps: [
            { inputs: [by('whole')], outputs: [by('training rows'), by('judged rows')] },
            { inputs: [by('training rows')], outputs: files.map(by) }
          ]
        }
      }
    }
  })

/** A record to do the run again from, as the exporter writes it. */
const record = (artifacts: Record<string, string>, metrics: object = {}) =>
  JSON.stringify({
    ...{ schema: 'drydock.reproduction-record', version: 1, model: 'alone@1', pipeline: '', parameters: {}, targetStep: 'evaluate' },
    ...{ frozen: {}, sources: [], tables: [] },
    found: {
      ...{ inputs: [], metrics, environment: {}, modelDigest: null },
      artifacts: Object.entries(artifacts).map(([kind, digest]) => ({ kind, sha256: digest }))
    }
  })
const ofModel = { model: digestOf('model'), signature: sha256(signature) }
const rowScores = digestOf('scores')

async function judge(change: Record<string, string | null> = {}) {
  const files = new Map(
    Object.entries({
      'policy/policy.yaml': policy('metrics.auc > 0.5', 'run.trials > 0', 'model.parity < 0.001'),
      'policy/results.json': JSON.stringify({ outcome: 'fail' }),
      'evidence/evaluation.json': evaluated(about),
      'evidence/training.json': JSON.stringify(trained),
      'evidence/trials.json': JSON.stringify({ counts: { total: 3 } }),
      'model/model.onnx': 'model',
      'model/signature.json': signature,
      'lineage/provenance.slsa.json': made('model', 'files'),
      ...change
    }).flatMap(([name, text]) => (text === null ? [] : [[name, Buffer.from(text)] as const]))
  )
  const digests = new Map([...files].map(([name, bytes]) => [name, sha256(bytes)]))
  return judgeGate(digests, (name) => Promise.resolve(files.get(name)))
}

describe('the gate of a bundle, held anew', () => {
  it('passes by the enclosed evidence, whatever is stored', async () => {
    expect(await judge()).toMatchObject({ outcome: 'pass', policy: expect.stringMatching(/^alone@sha256:[0-9a-f]{64}$/), reasons: [] })
    const stored = { 'policy/results.json': JSON.stringify({ outcome: 'pass' }) }
    expect(await judge({ ...stored, 'policy/policy.yaml': policy('metrics.auc > 0.5', 'metrics.auc > 2.0') })).toMatchObject({
      outcome: 'fail',
      reasons: ['the rule "Rule 1" does not hold. Mend it.']
    })
  })

  it('leaves open whether the run of an old bundle can be repeated, and says which rule holds for want of a figure', async () => {
    const rules = { 'policy/policy.yaml': policy('run.reproducible') }
    const old = { ...rules, 'evidence/training.json': JSON.stringify({ ...trained, trainingTable: null }) }
    expect((await judge(rules)).reasons).toEqual([])
    expect((await judge(old)).reasons).toContainEqual(
      expect.stringMatching(/^the rule "Rule 0" cannot be decided: .*run\.reproducible is missing: the bundle does not record/)
    )
    const asking = { 'policy/policy.yaml': policy('metrics.auc > 0.5', '!("brier" in metrics && "none" in metrics)') }
    expect((await judge(asking)).remarks).toEqual([expect.stringContaining('"Rule 1" asks of metrics.none: it holds because')])
  })

  it('fails a rule on what the bundle does not enclose, and says that it is undecided', async () => {
    const { outcome, reasons } = await judge({ 'evidence/training.json': null, 'evidence/trials.json': null })
    expect(outcome).toBe('fail')
    expect(reasons).toEqual([
      expect.stringContaining('the rule "Rule 1" cannot be decided: '),
      expect.stringContaining('the rule "Rule 2" cannot be decided: ')
    ])
  })

  it.each([
    ['no policy', { 'policy/policy.yaml': null }, 'the bundle encloses no policy'],
    ['two policies', { 'policy/other.yml': policy('true') }, 'the bundle encloses 2 policies (policy/policy.yaml, policy/other.yml)'],
    ['a policy that is none', { 'policy/policy.yaml': 'rules: [' }, 'The policy cannot be read'],
    [
      'a policy whose own tests do not hold',
      { 'policy/policy.yaml': `${policy('metrics.auc > 0.5')}tests: [{ name: T, given: {}, expect: { r0: pass } }]\n` },
      'own tests do not hold'
    ],
    ['evidence that cannot be read', { 'evidence/evaluation.json': '{}' }, 'evidence/evaluation.json cannot be read']
  ])('fails with %s and says so', async (_what, change, words) => {
    expect(await judge(change)).toMatchObject({ outcome: 'fail', reasons: [expect.stringContaining(words)] })
  })

  it('holds evidence about the enclosed model, and a quality report of a table behind it', async () => {
    for (const table of ['whole', 'judged rows', 'training rows'])
      expect(await judge({ 'evidence/quality-report.json': checked(table) })).toMatchObject({ outcome: 'pass', reasons: [] })
    // Evaluations before there were manifests name the model alone.
    expect(await judge({ 'evidence/evaluation.json': evaluated({ ...about, manifest: undefined }) })).toMatchObject({ outcome: 'pass' })
  })

  it('holds the record of the run of the enclosed model, and none of another', async () => {
    const holding = async (text: string, rows: string | null = rowScores) =>
      judge({
        'lineage/reproduction.json': text,
        'evidence/evaluation.json': JSON.stringify({
          ...{ ...facts.evaluation, subject: about },
          ...(rows !== null && { rowScores: { sha256: rows, rows: 9 } })
        })
      })
    const { auc } = runMetricsOf(facts.evaluation)
    expect((await holding(record({ ...ofModel, 'row-scores': rowScores }, { auc }))).reasons).toEqual([])
    expect((await holding(record(ofModel), null)).reasons).toEqual([])
    const foreign = [
      [record({}), 'names the model none'],
      [record({ ...ofModel, model: digestOf('other'), 'row-scores': rowScores }), 'names the model'],
      [record({ ...ofModel, signature: digestOf('other'), 'row-scores': rowScores }), 'names the signature'],
      [record(ofModel), 'names the row scores none'],
      [record({ ...ofModel, 'row-scores': digestOf('other') }), 'names the row scores'],
      [record({ ...ofModel, 'row-scores': rowScores }, { auc: { ...auc, value: 0.123 } }), 'has auc 0.123, but the evaluation has']
    ] as const
    for (const [text, words] of foreign)
      expect(await holding(text)).toMatchObject({ outcome: 'fail', reasons: expect.arrayContaining([expect.stringContaining(words)]) })
  })

  it.each([
    ['another model', { 'model/model.onnx': 'other' }, 'evidence/evaluation.json is about the model'],
    ['an evaluation of another', { 'evidence/evaluation.json': evaluated({ ...about, model: digestOf('other') }) }, 'is about the model'],
    ['other files of the model', { 'evidence/evaluation.json': evaluated({ ...about, manifest: digestOf('o') }) }, 'has no step that made'],
    ['files that another model was made with', { 'lineage/provenance.slsa.json': made('other', 'files') }, 'has no step that made'],
    ['nothing that names the files', { 'lineage/provenance.slsa.json': null }, 'has no step that made'],
    ['an evaluation without subject', { 'evidence/evaluation.json': evaluated(null) }, 'cannot be bound to the enclosed one'],
    ['no evaluation', { 'evidence/evaluation.json': null }, 'the bundle encloses no evaluation'],
    ['no model', { 'model/model.onnx': null }, 'the bundle encloses no model'],
    [
      'the training rows judged',
      { 'evidence/evaluation.json': evaluated({ ...about, rows: about.trainingRows }) },
      'nothing about new rows'
    ],
    [
      'a training of another model',
      {
        'evidence/training.json': JSON.stringify({
          ...trained,
          files: { ...trained.files, model: { ...trained.files.model, sha256: digestOf('other') } }
        })
      },
      'evidence/training.json is about the model'
    ],
    ['another signature', { 'model/signature.json': `${signature} ` }, 'evidence/training.json names the signature'],
    [
      'a training on another table',
      { 'evidence/training.json': JSON.stringify({ ...trained, trainingTable: { sha256: digestOf('other') } }) },
      'evidence/training.json names the training table'
    ],
    [
      'a quality report of another table',
      { 'evidence/quality-report.json': checked('other') },
      'evidence/quality-report.json is about the table'
    ]
  ])('is missing with %s, whatever the figures say and although no stored result names it', async (_what, change, words) => {
    const found = await judge({ 'policy/policy.yaml': policy('run.trials > 0'), 'policy/results.json': null, ...change })
    expect(found).toMatchObject({ outcome: 'fail', reasons: expect.arrayContaining([expect.stringContaining(words)]) })
  })

  it('holds explanations of the enclosed model alone, and says of which other one they are', async () => {
    const of = (sha256: string) => JSON.stringify({ schema: 'drydock.contributions', model: { sha256 } })
    const files = (explained: string) => ({ 'evidence/contributions.json': of(explained), 'evidence/dependence.json': of(explained) })
    const open = async (change: Record<string, string | null>) =>
      (await judge(change)).reasons.filter((reason) => reason.includes('explains'))
    expect(await open(files(digestOf('model')))).toEqual([])
    const other = digestOf('another model')
    const words = (name: string) =>
      `evidence/${name}.json explains the model ${other.slice(0, 8)}, but the enclosed one is ${digestOf('model').slice(0, 8)}.`
    expect(await open(files(other))).toEqual([words('contributions'), words('dependence')])
    expect(await judge(files(other))).toMatchObject({ outcome: 'fail' })
    const drawn = (model?: string) => ({ 'evidence/glass-box.json': JSON.stringify({ schema: 'drydock.glass-box', model }) })
    expect(await open(drawn(other))).toEqual([words('glass-box')])
    expect([await open(drawn(digestOf('model'))), await open(drawn())]).toEqual([[], []])
    expect((await judge({ 'evidence/contributions.json': '{"model": 7}' })).outcome).not.toBe('pass')
  })

  it('says of a rule that holds because something was not measured what that is, and is no gate by rules that read nothing', async () => {
    const guarded = policy('metrics.auc > 0.5', '!has(data.leakage_findings) || data.leakage_findings == 0.0')
    expect(await judge({ 'policy/policy.yaml': guarded })).toMatchObject({
      ...{ outcome: 'pass', reasons: [] },
      remarks: ['what the rule "Rule 1" asks of data.leakage_findings: it holds because that was not measured']
    })
    expect(await judge({ 'policy/policy.yaml': policy('1 == 1', '[] == []') })).toMatchObject({
      ...{ outcome: 'fail', reasons: [expect.stringMatching(/^No gate: no rule of this policy blocks by a fact/)] }
    })
  })

  it('is missing where its signed history says that the model failed under another text of the policy', async () => {
    const held = (outcome: string, { name = 'alone', text = 'former', shortfall }: Record<string, string> = {}) =>
      JSON.stringify({
        gates: [{ policy: name, policySha256: digestOf(text), outcome, ...(shortfall && { shortfall }), at: '2026-05-04T10:00:00.000Z' }]
      })
    const withHistory = (history: string) => judge({ 'policy/history.json': history })
    expect(await withHistory(held('fail'))).toMatchObject({
      ...{
        outcome: 'fail',
        reasons: [expect.stringMatching(/failed "alone" under [0-9a-f]{8} on 2026-05-04, .* another text of it, [0-9a-f]{8}\./)]
      }
    })
    for (const harmless of [held('pass'), held('fail', { name: 'other' }), held('fail', { shortfall: 'no gate' })])
      expect(await withHistory(harmless)).toMatchObject({ outcome: 'pass', reasons: [], remarks: [] })
    expect(await withHistory(held('fail', { shortfall: 'undecided' }))).toMatchObject({
      ...{ outcome: 'pass', remarks: [expect.stringContaining('under which it was undecided')] }
    })
    expect(await withHistory('{}')).toMatchObject({
      outcome: 'fail',
      reasons: [expect.stringContaining('policy/history.json cannot be read')]
    })
  })
})
