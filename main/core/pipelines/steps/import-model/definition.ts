import { z } from 'zod'
import { importChoicesSchema, importedModelSchema } from '../../../../model/imported-model'
import { modelManifest } from '../../../../model/model-manifest'
import { contentReference, type Sha256 } from '../../../../model/reference'
import { describeStep } from '../../define-step'
import { snapshotCode } from '../script/code-snapshot'

const inCode = 'Path in the workspace\'s folder "code"; frozen when the run starts.'

const parameters = z.strictObject({
  file: z
    .string()
    .min(1)
    .max(1000)
    .optional()
    .meta({ title: 'File', description: `The ONNX file. ${inCode}` }),
  ...importChoicesSchema.shape,
  learned: z.boolean().default(false).meta({
    title: 'Learned from these rows',
    description: 'The connected rows are those that the model learned from. Otherwise what it learned from is not known.'
  }),
  predictions: z
    .string()
    .min(1)
    .max(1000)
    .optional()
    .meta({
      title: 'Predictions',
      description: `What the original predicted for the connected rows: CSV, Arrow or Parquet, a row each. ${inCode}`
    }),
  threshold: z
    .number()
    .min(0)
    .max(1)
    .default(0.5)
    .meta({ title: 'Threshold', description: 'Where a decision changes, for the comparison with the predictions of the original.' })
})

/** The files that a run of the step was frozen with, by what they are. */
export interface FrozenFiles {
  file?: { path: string; sha256: Sha256 }
  predictions?: { path: string; sha256: Sha256 }
}

export const importModelDefinition = describeStep({
  type: 'import-model',
  version: 2,
  title: 'Import model',
  help: 'Takes in an ONNX model that was made elsewhere: drafts its signature from the graph and the rows, adapts its inputs and outputs, and runs it before it is taken in. The guide has a page on it: imported-models.',
  icon: 'package-open',
  category: 'training',
  parameters,
  inputs: {
    rows: {
      types: ['Table', 'FeatureSet'],
      help: 'Rows with the target, to draft and check on: those that it learned from, where they are at hand. They count as seen by the model.'
    },
    file: { types: ['File'], help: 'The ONNX file, as a step before it writes it.', insteadOf: 'file' },
    predictions: {
      types: ['Table', 'FeatureSet'],
      optional: true,
      help: 'What the original predicted for these rows, in the same order: the model is held against it.'
    }
  },
  outputs: {
    model: { type: 'Model', help: 'model.onnx, its signature, and where it comes from.', document: modelManifest },
    report: { type: 'Report', help: 'What was found in the file, and how it was adapted.', document: importedModelSchema }
  },
  titleOf: ({ file }) => (file ? `Import ${file.split('/').at(-1)}` : 'Import model'),
  check: (p, { inputs }) =>
    p.predictions !== undefined && inputs.includes('predictions')
      ? [{ message: 'The predictions are a file and a connection. Take one of them away.', parameter: 'predictions' }]
      : [],
  freeze: async (p, context) => {
    const frozen: FrozenFiles = {}
    for (const what of ['file', 'predictions'] as const) {
      const path = p[what]
      if (path === undefined) continue
      const files = await snapshotCode([path], context)
      frozen[what] = { path, sha256: Object.values(files)[0]! }
    }
    return { ...frozen }
  },
  uses: (_, frozen) =>
    Object.values(frozen as FrozenFiles).map(({ path, sha256 }) => ({
      port: `file/${path}`,
      sha256,
      reference: contentReference('file', path, sha256)
    }))
})
