import { z } from 'zod'
import { intervalsRecordSchema } from '../../../../model/conformal'
import { modelManifest } from '../../../../model/model-manifest'
import { describeStep } from '../../define-step'
import { upstream } from '../fresh-rows'
import { recordedAs, rowsPort, weightByRole, weightParameter } from '../settled-parameters'

const parameters = z.strictObject({
  coverage: z.number().gt(0).lt(1).optional().meta({
    title: 'Coverage',
    description: 'Share of new outcomes that has to lie within, 0..1; by default 0.9, and for a model of a quantile what the quantile says.'
  }),
  score: z.enum(['absolute', 'normalised', 'quantile', 'lac', 'aps']).optional().meta({
    title: 'Score',
    description:
      'Of amounts: absolute is as wide everywhere, normalised wider for larger predictions, quantile one bound of a model of a quantile. Of classes: lac gives the smallest sets, aps sets that adapt to how sure the model is. By default absolute, quantile or lac.'
  }),
  power: z.number().gt(0).max(1).optional().meta({
    title: 'Power',
    description: 'Of normalised: the width grows with the prediction to this power; by default 0.5 for counts, else 1.'
  }),
  ...weightParameter,
  ...recordedAs
})

export const conformDefinition = describeStep({
  type: 'conform',
  version: 2,
  title: 'Conform',
  help: 'Puts an interval around each predicted amount, or a set of classes, that holds a promised share of new outcomes: split-conformal prediction, measured on rows that the model never saw. Records a run.',
  icon: 'move-horizontal',
  category: 'training',
  parameters,
  inputs: {
    model: { types: ['Model'], help: 'The model, calibrated or not.', document: modelManifest },
    rows: rowsPort('Rows with known outcomes that the model never saw, not those to judge it by.')
  },
  outputs: {
    model: { type: 'Model', help: 'The same model with intervals or sets in its signature.', document: modelManifest },
    report: { type: 'Report', help: 'How far answers are off, and what follows.', document: intervalsRecordSchema }
  },
  check: (p) =>
    p.power !== undefined && p.score !== 'normalised'
      ? [{ message: 'A power goes with the score normalised. Take it out, or choose that score.', parameter: 'power' }]
      : [],
  ...weightByRole,
  upstream
})
