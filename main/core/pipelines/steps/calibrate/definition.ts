import { z } from 'zod'
import { calibrationMethodSchema, calibrationRecordSchema } from '../../../../model/calibration'
import { modelManifest } from '../../../../model/model-manifest'
import { describeStep } from '../../define-step'
import { recordedAs, rowsPort, weightByRole, weightParameter } from '../settled-parameters'
import { upstream } from '../fresh-rows'

const parameters = z.strictObject({
  method: calibrationMethodSchema.optional().meta({
    title: 'Method',
    description:
      'platt: a logistic curve, steady with few rows; beta: a curve with more freedom; isotonic: steps that only rise, for a thousand rows and more; temperature: one number for all classes. By default platt for a yes or no and temperature for several classes.'
  }),
  ...weightParameter,
  ...recordedAs
})

export const calibrateDefinition = describeStep({
  type: 'calibrate',
  version: 2,
  title: 'Calibrate',
  help: 'Corrects the probabilities of a model by rows that it never saw, inside of its ONNX graph, so that of the rows with 20% a fifth is the event. Of a yes or no the order of rows stays, apart from ties that isotonic regression makes; of several classes it may change. Records a run.',
  icon: 'sliders-horizontal',
  category: 'training',
  parameters,
  inputs: {
    model: { types: ['Model'], help: 'The model as it was trained.', document: modelManifest },
    rows: rowsPort('Rows with known outcomes that the model never saw, not those to judge it by.')
  },
  outputs: {
    model: { type: 'Model', help: 'The model with corrected probabilities.', document: modelManifest },
    report: { type: 'Report', help: 'The correction, what it brings, and the agreement of the graph.', document: calibrationRecordSchema }
  },
  ...weightByRole,
  upstream
})
