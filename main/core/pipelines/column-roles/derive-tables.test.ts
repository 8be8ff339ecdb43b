import { expect, it } from 'vitest'
import type { PipelineStep } from '../../../model/pipeline'
import { stepRegistry } from '../steps'
import { deriveTables } from './derive-tables'

const step = (id: string, type: string, inputs: Record<string, string>, parameters: PipelineStep['parameters'] = {}): PipelineStep => ({
  id,
  type,
  inputs,
  parameters
})

it('knows from which datasets the rows of a table are, also behind programs, and not those that a model learned from', async () => {
  const steps = [
    step('learned', 'source', {}, { dataset: 'learned', version: 'latest' }),
    step('judged', 'source', {}, { dataset: 'judged', version: 'sha256:0123456789ab' }),
    step('train', 'train', { train: 'learned.table' }, { target: 'y' }),
    step('score', 'script', { rows: 'judged.table', model: 'train.model' }, { command: ['score'], outputs: { scored: 'Table' } }),
    step('both', 'sql', { one: 'score.scored', other: 'learned.table' }, { query: 'SELECT 1' }),
    step('checked', 'quality-check', { table: 'score.scored', test: 'both.table' }),
    step('end', 'sql', { t: 'checked.table' }, { query: 'SELECT 1' })
  ]
  const lookup = { dataset: () => undefined, parse: async () => undefined }
  const tables = await deriveTables({ steps }, stepRegistry, ({ parameters }) => parameters, lookup)
  const from = (id: string, port: string) => tables.get(id)![port]!.from?.map(({ name, version }) => `${name}@${version}`)
  expect(from('both', 'one')).toEqual(['judged@0123456789ab'])
  expect(from('checked', 'test')).toEqual(['judged@0123456789ab', 'learned@latest'])
  expect(from('end', 't')).toEqual(['judged@0123456789ab'])
  expect(from('score', 'model')).toBeUndefined()
})
