import { z } from 'zod'
import { modelManifest } from '../../../../model/model-manifest'
import { MOST_REASONS, scoreReportSchema } from '../../../../model/scoring'
import { computedFrom, columnsByName, unknownColumn, unknownTable } from '../../column-roles/table-facts'
import { describeStep } from '../../define-step'
import { checkModel, freezeModel, givenModel, modelParameter, scorersIn, usedModel } from '../named-model'

const parameters = z.strictObject({
  model: modelParameter,
  keep: z
    .array(z.string().min(1).max(500))
    .max(1000)
    .default([])
    .meta({ title: 'Columns to keep', description: 'Columns of the rows that go with the scores, such as their key.' }),
  strict: z.boolean().default(false).meta({
    title: 'Known values only',
    description: 'Fail where a value was not known to training: out of its range, another text, missing.'
  }),
  explain: z.int().min(0).max(MOST_REASONS).default(0).meta({
    title: 'Reasons',
    description: 'So many of the largest contributions to each answer stand beside it, as reason_1 and contribution_1.'
  })
})

export const scoreDefinition = describeStep({
  type: 'score',
  version: 1,
  title: 'Score',
  help: 'Scores every row with a model, a registered one or one that is connected, and says what in the rows training did not know and how far they are from its rows.',
  icon: 'list-checks',
  category: 'training',
  parameters,
  inputs: {
    rows: { types: ['Table', 'FeatureSet'], help: 'The rows to score.' },
    model: { types: ['Model'], help: 'The model, where none is named.', document: modelManifest, insteadOf: 'model' }
  },
  outputs: {
    scores: { type: 'Table', help: 'A row for each row, in its order: what is kept of it, row, score, and the decision or the classes.' },
    report: { type: 'Report', help: 'What was scored by what, and what was found in its columns.', document: scoreReportSchema }
  },
  titleOf: ({ model }) => (model === undefined ? 'Score' : `Score with ${model}`),
  check: checkModel,
  tables(p, { rows = unknownTable }) {
    const known = columnsByName(rows)
    const kept = p.keep.map((name) => ({ name, facts: known.get(name) ?? unknownColumn }))
    const score = { name: 'score', facts: computedFrom([]) }
    return { scores: { columns: [...kept, { name: 'row', facts: unknownColumn }, score], isOpen: true, from: rows.from } }
  },
  freeze: async (p, context) => ({ ...(await freezeModel(p, context)) }),
  given: givenModel,
  scorers: scorersIn,
  uses: (_, frozen) => usedModel(frozen)
})
