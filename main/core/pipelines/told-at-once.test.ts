import { expect, it } from 'vitest'
import { checkAlone } from './check-alone'
import { checkPipelineWithRoles } from './column-roles'
import { applyPipelineEdits } from './edit-pipeline'
import { stepRegistry } from './steps'

/** What is told of a text, in its order: line, column, words. */
async function told(text: string): Promise<string[]> {
  const { document, problems } = await checkAlone(text)
  expect(document).toBeNull()
  return lines(problems)
}
const lines = (problems: readonly { line?: number; column?: number; message: string }[]): string[] =>
  [...problems]
    .sort((a, b) => a.line! - b.line! || a.column! - b.column!)
    .map(({ line, column, message }) => `${line}:${column} ${message.replace(/ Known types: .*?\./, '')}`)

const head = 'schema: drydock.pipeline\nversion: 1\nname: tides\n'
const steps = (...entries: string[]): string => `${head}steps:\n${entries.map((entry) => `  - ${entry}\n`).join('')}`
const source = '{ id: data, type: source, parameters: { dataset: tides } }'

it('tells wrong types, misspelt and missing keys, wrong words and too long texts, each at its place', async () => {
  expect(
    await told(
      `schema: drydock.pipelin\nversion: one\nname: Tides\ntitle: ${'x'.repeat(201)}\nstep: []\nsteps:\n  - ${source}\n  - { id: s, typ: sql, cache: nevr, retries: 3.5, timeout: 0, memory: "64" }\n  - 7\n`
    )
  ).toEqual([
    '1:9 "schema" takes "drydock.pipeline", not "drydock.pipelin".',
    '2:10 "version" takes 1, not "one".',
    '3:7 "name": Use lowercase letters, digits, "-" and "_", and begin with a letter (at most 63).',
    '4:8 "title" takes a text of at most 200 characters; there are 201 characters.',
    '5:1 There is no key "step" here. Did you mean "steps"?',
    '8:5 "type" is missing. It takes a text of at most 63 characters.',
    '8:14 There is no key "typ" here. Did you mean "type"?',
    '8:31 "cache" takes "auto" or "never", not "nevr". Did you mean "never"?',
    '8:46 "retries" takes a whole number from 0 to 10, not the number 3.5.',
    '8:60 "timeout" takes a number above 0 and at most 604800, not the number 0.',
    '8:71 "memory" takes a number above 0, not the text "64". Write it without quotes.',
    '9:5 Entry 3 of "steps" takes a mapping, not the number 7.'
  ])
})

it('tells with the faults of the structure what else is wrong: types, wires, ports, parameters, cycles', async () => {
  const text = steps(
    '{ id: data, type: sorce, retries: many }',
    '{ id: split, type: split, inputs: { tabel: data.table }, parameters: { by: randm, tset: 0.25 } }',
    '{ id: learn, type: train, inputs: { train: split.trian }, parameters: { target: high, trees: 5 } }',
    '{ id: again, type: evaluate, inputs: { model: lern.model, test: split.test } }',
    '{ id: a, type: sql, inputs: { t: b.table }, parameters: { query: SELECT 1 } }',
    '{ id: b, type: sql, inputs: { t: a.table }, parameters: { query: SELECT 1 } }'
  )
  const found = await told(text)
  expect(found).toEqual([
    '5:23 There is no step type "sorce". Did you mean "source" or "score"?',
    '5:39 "retries" takes a whole number from 0 to 10, not the text "many".',
    expect.stringMatching(/^6:5 "split" needs something at its input "table"/),
    expect.stringMatching(/^6:48 "split" has no input "tabel"\..* Did you mean "table"\?$/),
    expect.stringMatching(/^6:80 "split", parameter "by": It takes "random", .*, not "randm"\. Did you mean "random"\?$/),
    '6:93 "split" has no parameter "tset". Did you mean "test"?',
    expect.stringMatching(/^7:48 "split" has no output "trian"\..* Did you mean "train"\?$/),
    expect.stringMatching(/^7:98 "learn" has no parameter "trees"\./),
    expect.stringMatching(/^8:51 The input "model" of "again" comes from "lern\.model", but there is no step "lern"\./),
    expect.stringMatching(/^10:33 These steps wait for each other: /)
  ])
})

it('tells nothing that only follows from another fault', async () => {
  // An id that cannot be read, inputs under a misspelt key, a declaration without a name, a whole list of steps that is none.
  const text = `${head}parameters:\n  - { nam: share, type: number, default: 0.5 }\n  - { name: seed, type: whole, default: 7 }\nsteps:\n  - { id: My Data, type: source, parameters: { dataset: tides } }\n  - { id: split, type: split, input: { table: data.table }, parameters: { test: "\${{ parameters.share }}", seed: "\${{ parameters.seed }}" } }\n  - { id: learn, type: train, inputs: { train: split }, parameters: { target: high } }\n  - { id: look, type: sql, inputs: { T: data.table }, parameters: [] }\n`
  expect(await told(text)).toEqual([
    '5:5 "name" is missing. It takes a text.',
    '5:7 There is no key "nam" here. Did you mean "name"?',
    expect.stringMatching(/^6:25 "type" takes "string", "integer", .*, not "whole"\.$/),
    '8:11 "id": Use lowercase letters, digits, "-" and "_", and begin with a letter (at most 63).',
    '9:31 There is no key "input" here. Did you mean "inputs"?',
    '10:48 "train": Write "step.port", for example "split.train".',
    expect.stringMatching(/^11:38 "T" cannot be a key here\. Use lowercase letters/),
    '11:67 "parameters" takes a mapping, not an empty list.'
  ])
  expect(await told(`${head}steps: { id: a }\n`)).toEqual(['4:8 "steps" takes a list of at most 2,000 entries, not a mapping.'])
  expect(await told(`${head}`)).toEqual(['1:1 "steps" is missing. It takes a list of at most 2,000 entries.'])
})

it('tells the first of equal keys further, with what else is wrong, and refuses to edit such a text', async () => {
  const text = `${steps(source, '{ id: s, type: sqll, id: t }')}name: Other\n`
  expect(await told(text)).toEqual([
    '6:20 There is no step type "sqll". Did you mean "sql"?',
    '6:26 Not valid YAML: "id" stands twice in a mapping. Remove one.',
    '7:1 Not valid YAML: "name" stands twice in a mapping. Remove one.'
  ])
  expect(() => applyPipelineEdits(text, [{ kind: 'remove-step', stepId: 's' }])).toThrow(/has to be repaired/)
})

it('places what is no YAML', async () => {
  expect(await told(`${head}steps:\n\t- id: a\n`)).toEqual([expect.stringMatching(/^5:1 Not valid YAML: Tabs /)])
  expect((await told(`${head}title: "a\nsteps: []\n`))[0]).toMatch(/^\d+:\d+ Not valid YAML: /)
  expect((await told(`${head}title: a: b\nsteps: [\n`)).length).toBeGreaterThan(1)
})

it('looks for columns where all that a step reads could be read, and only there', async () => {
  const column = (name: string) => ({ name, role: 'feature', knownWhen: 'before', type: 'text', dataset: 'tides' }) as const
  const lookup = { dataset: () => [column('harbour'), column('high')], parse: async () => undefined }
  const absence = async () => null
  const text = (retries: string) =>
    steps(
      source,
      `{ id: split, type: split, inputs: { table: data.table }, parameters: { test: 0.3, seed: 7 }, retries: ${retries} }`,
      '{ id: learn, type: train, inputs: { train: split.train }, parameters: { target: hihg } }',
      '{ id: other, type: train, inputs: { train: data.table }, parameters: { target: hihg } }'
    )
  const found = async (retries: string) => lines((await checkPipelineWithRoles(text(retries), stepRegistry, lookup, absence)).problems)
  const unknown = (line: number, step: string) =>
    expect.stringMatching(new RegExp(`^${line}:\\d+ What "${step}" reads has no column "hihg".*Did you mean "high"\\?$`))
  expect(await found('1')).toEqual(expect.arrayContaining([unknown(7, 'learn'), unknown(8, 'other')]))
  const broken = await found('x')
  expect(broken).toEqual(expect.arrayContaining([expect.stringMatching(/^6:\d+ "retries" takes/), unknown(8, 'other')]))
  expect(broken).not.toContainEqual(unknown(7, 'learn'))
})
