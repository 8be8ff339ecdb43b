import { expect, it } from 'vitest'
import type { ImportedModel } from '../../../../main/model/imported-model'
import { Identifier } from '../../../../main/model/pipeline'
import { Sha256 } from '../../../../main/model/reference'
import type { HostClient } from '../../../host'
import { newForm, parts, requestOf } from './import-form'
import { takeModel } from './take-model'

const digest = (letter: string): Sha256 => Sha256.parse(letter.repeat(64))

/** Takes in a file whose stem is `stem` beside pipelines of these names; answers with what the host was asked. */
async function take(stem: string, present: string[]) {
  const asked: Record<string, unknown> = {}
  const keep =
    (what: string, answer: object) =>
    (input: unknown): Promise<object> => {
      asked[what] = input
      return Promise.resolve(answer)
    }
  const client = {
    imports: { place: keep('place', { file: 'placed.onnx', predictions: null }) },
    pipelines: {
      list: ({ removed }: { removed?: boolean }) => Promise.resolve(removed ? [] : present.map((name) => ({ name }))),
      save: keep('save', {}),
      run: keep('run', { runId: '1' })
    }
  } as unknown as HostClient
  const imported = { original: { name: 'x.onnx', sha256: digest('a'), bytes: 1 }, check: { rows: 3, table: digest('b') } }
  const draft = { imported: imported as unknown as ImportedModel, parity: null }
  const request = { file: `chosen:1:/home/${stem}.onnx`, dataset: 'loans', choices: { target: 'default' } }
  const taken = await takeModel(client, newForm(request.file), request, draft)
  return { taken, asked }
}

it('takes in the very file and rows that were looked at', async () => {
  const { asked } = await take('score', [])
  expect(asked.place).toMatchObject({ approved: { model: digest('a'), predictions: null } })
  const { steps } = JSON.parse((asked.save as { yaml: string }).yaml) as { steps: { parameters: object }[] }
  expect(steps[0]!.parameters).toEqual({ dataset: 'loans', version: digest('b') })
})

it('never takes the name of a pipeline that is there, and always one that a pipeline may have', async () => {
  expect((await take('score', ['import-score'])).taken.pipeline).toBe('import-score-2')
  const long = 'a-very-long-name-of-a-model-'.repeat(4)
  const first = (await take(long, [])).taken.pipeline
  for (const each of [
    first,
    (await take(long, [first])).taken.pipeline,
    (await take('2024', [])).taken.pipeline,
    (await take('%', [])).taken.pipeline
  ])
    expect(Identifier.safeParse(each).success, each).toBe(true)
})

it('reads names by lines where there are lines, so that a name may hold a comma', () => {
  expect(parts('income, age,debt')).toEqual(['income', 'age', 'debt'])
  expect(parts('income, net\nage\n')).toEqual(['income, net', 'age'])
  expect(parts('income, net\n')).toEqual(['income, net'])
})

it('sends one class alone, which the host refuses in words', () => {
  const form = { ...newForm('x.onnx'), dataset: 'loans', target: 'default', classes: 'yes' }
  expect(requestOf(form)?.choices.classes).toEqual(['yes'])
})
