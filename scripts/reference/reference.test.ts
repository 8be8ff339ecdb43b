import { readdirSync, readFileSync } from 'node:fs'
import Ajv2020 from 'ajv/dist/2020'
import { parse } from 'yaml'
import { describe, expect, it } from 'vitest'
import { newPolicyText } from '../../renderer/features/policies/new-policy-text'
import { starters, writeStarter } from '../../renderer/features/pipelines/starters'
import { stepRegistry } from '../../main/core/pipelines/steps'
import { checkPipeline } from '../../main/core/pipelines/validate-pipeline'
import { errorCodes } from '../../main/model/errors'
import { METRICS } from '../../main/model/tasks'
import { samplePipelines } from '../../resources/sample/pipelines'
import { samplePolicyText } from '../../resources/sample/policy'
import { commandEntries, helpOf } from './commands'
import { generatedFolders, referenceFiles } from './files'
import { typeInWords } from './schema-fields'
import { examplePipeline, stepExamples } from './step-examples'

const files = await referenceFiles()

describe('the reference of the guide', () => {
  it('is what the schemas say now, byte for byte; "node scripts/reference.mjs" writes it', () => {
    const there = generatedFolders.flatMap((folder) => readdirSync(folder).map((name) => `${folder}/${name}`))
    expect(there.sort()).toEqual(Object.keys(files).sort())
    for (const [path, text] of Object.entries(files)) expect(readFileSync(path, 'utf8'), path).toBe(text)
  })

  it('has an example of each step type, which together are a pipeline without a problem', () => {
    expect(Object.keys(stepExamples).sort()).toEqual([...stepRegistry.keys()].sort())
    expect(checkPipeline(examplePipeline(), stepRegistry).problems).toEqual([])
    for (const example of Object.values(stepExamples)) expect(files['resources/guide/reference/steps.md']).toContain(example)
  })

  it('has every metric with formula and source, every error code, every noun and verb', () => {
    const [metrics, errors, commands] = ['metrics', 'errors', 'commands'].map((name) => files[`resources/guide/reference/${name}.md`]!)
    for (const { key } of METRICS) expect(metrics).toMatch(new RegExp(`^\`${key}\`.+\n\nFormula: .+\n\nSource: .+$`, 'm'))
    for (const name of errorCodes) expect(errors).toContain(`| \`${name}\` |`)
    expect(commandEntries().length).toBeGreaterThan(15)
    for (const { spec } of commandEntries()) expect(commands).toContain(`\n## ${spec}\n`)
    expect(Object.values(files).join('')).not.toMatch(/undefined|\[object/)
  })

  it('has for each noun and verb the first line of its own help', async () => {
    for (const { spec } of commandEntries()) expect(await helpOf(spec)).toMatch(new RegExp(`^Usage: drydock ${spec} `))
  })

  it('has for each noun a help page of its own as well', async () => {
    const nouns = new Set(commandEntries().flatMap(({ spec }) => (spec.includes(' ') ? [spec.split(' ')[0]!] : [])))
    expect(nouns.size).toBeGreaterThan(2)
    for (const noun of nouns) expect(await helpOf(noun)).toMatch(new RegExp(`^Usage: drydock ${noun} `))
  })

  it('says types as people do', () => {
    expect(typeInWords({ type: 'integer', minimum: 0, maximum: 10 })).toBe('integer, from 0 to 10')
    expect(typeInWords({ anyOf: [{ type: 'string' }, { type: 'null' }] })).toBe('text or null')
    expect(typeInWords({ type: 'object', additionalProperties: { type: ['string', 'number'] } })).toBe('map of text or number')
  })
})

describe('JSON Schema files', () => {
  const ajv = new Ajv2020({ allErrors: true, strict: false })
  const schemas = Object.fromEntries(
    Object.entries(files)
      .filter(([path]) => path.endsWith('.schema.json'))
      .map(([path, text]) => [path.replace(/^.*\/|\.schema\.json$/g, ''), ajv.compile(JSON.parse(text))])
  )
  /** Where a document breaks its schema; nothing where it does not. */
  const problems = (name: string, document: unknown): string[] => {
    schemas[name]!(document)
    return (schemas[name]!.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`)
  }
  const values = { name: 'mine', title: 'Mine', dataset: 'loans', target: 'defaulted' }

  it.each([
    ...samplePipelines,
    examplePipeline(),
    ...starters.filter(({ id }) => id !== 'governed').map((each) => writeStarter(each, values))
  ])('take the pipeline %#', (text) => expect(problems('pipeline', parse(text))).toEqual([]))
  it.each([samplePolicyText, newPolicyText])('take the policy %#', (text) => expect(problems('policy', parse(text))).toEqual([]))

  it('take a trust document', () => {
    const trust = {
      schema: 'drydock.trust',
      version: 1,
      name: 'Harbour',
      people: [{ name: 'Ada', roles: ['author'], keys: ['ada.pub.pem'] }]
    }
    expect(problems('trust', trust)).toEqual([])
    expect(problems('trust', { ...trust, people: [{ name: 'Ada', roles: ['king'], keys: [] }] })).toHaveLength(2)
  })

  it('take the choices of an import and the signature of a model', () => {
    const choices = {
      dialect: { delimiter: ';', decimal: ',' },
      columns: [{ source: 'Datum', type: 'date', dateFormat: '%d.%m.%Y', role: 'time' }]
    }
    expect(problems('import-options', choices)).toEqual([])
    expect(problems('import-options', { columns: [{ name: 'x' }], colour: 'red' })).toHaveLength(2)
    const input = { name: 'amount', input: 'amount', kind: 'number', tensor: 'float', missing: 'NaN', missingShare: 0 }
    const signature = {
      schema: 'drydock.model-signature',
      version: 1,
      task: 'binary-classification',
      algorithm: 'mine',
      target: { name: 'defaulted', positive: true, negatives: [false] },
      inputs: [input],
      outputs: [{ name: 'probabilities', tensor: 'float', shape: '[N, 2]', description: 'Of no default and of a default.' }],
      notes: []
    }
    expect(problems('model-signature', signature)).toEqual([])
    // One form for each kind of question: what is wrong is said for each of them.
    expect(problems('model-signature', { ...signature, inputs: [] })).toContainEqual(expect.stringContaining('inputs'))
  })

  it('refuse what the program refuses: unknown keys, wrong ports, parameters of another step type', () => {
    const document = parse(examplePipeline()) as { steps: { id: string; type: string; parameters: Record<string, unknown> }[] }
    const split = document.steps.find(({ type }) => type === 'split')!
    split.parameters.test = 2
    expect(problems('pipeline', document).join()).toContain('parameters/test')
    split.parameters.test = '${{ parameters.share }}'
    expect(problems('pipeline', document)).toEqual([])
    split.parameters.dataset = 'loans'
    expect(problems('pipeline', document).join()).toContain('must NOT have additional properties')
    expect(problems('pipeline', { ...document, steps: [{ id: 'a', type: 'source' }] }).join()).toContain(
      "must have required property 'parameters'"
    )
    expect(problems('policy', { ...(parse(newPolicyText) as object), rules: [] })).toHaveLength(1)
  })
})
