import { z } from 'zod'
import { explainShapes } from '../../main/model/commands/explain'
import { workProgressSchema } from '../../main/model/dataset'
import { askedNearestSchema, counterfactualsSchema } from '../../main/model/counterfactual'
import { dependenceSchema } from '../../main/model/dependence'
import { explanationSchema } from '../../main/model/explanation'
import { RunId } from '../../main/model/reference'
import {
  explainedModelSchema,
  findRowsSchema,
  foundRowsSchema,
  openPanelSchema,
  panelAnswerSchema,
  rowValuesSchema
} from '../../main/model/what-if'
import { command, query, stream } from '../wire/definitions'

export const explain = {
  file: stream({ ...explainShapes.file, item: workProgressSchema }),
  run: stream({ ...explainShapes.run, item: workProgressSchema }),
  saveSheet: command(explainShapes.saveSheet),
  /** What was explained of a run; null where nobody has. */
  ofRun: query({ input: z.object({ run: RunId }), output: explanationSchema.nullable() }),
  /** How its answers go with its columns, where that was measured. */
  dependenceOfRun: query({ input: z.object({ run: RunId }), output: dependenceSchema.nullable() }),
  /** Holds a model open to be asked about single rows, for as long as the reader stays, or until nobody asked for a while. */
  panel: stream({ input: explainedModelSchema, item: openPanelSchema, output: z.object({ ended: z.literal('idle') }) }),
  /** The values of a row of the test data, from 1. */
  row: query({ input: z.object({ panel: z.uuid(), row: z.int().min(1) }), output: rowValuesSchema }),
  /** Rows of the test data by a value, or by what the model answers to them. */
  find: query({ input: z.object({ panel: z.uuid(), asked: findRowsSchema }), output: foundRowsSchema }),
  /** What the model answers to a row, and why: about one outcome, or the one that is decided for. `row` is the one that the values began as. */
  ask: query({
    input: z.object({ panel: z.uuid(), values: rowValuesSchema, output: z.string().optional(), row: z.int().min(1).optional() }),
    output: panelAnswerSchema
  }),
  /** The nearest rows that get another answer. */
  nearest: query({
    input: z.object({
      panel: z.uuid(),
      values: rowValuesSchema,
      row: z.int().min(1).optional(),
      ...askedNearestSchema.shape
    }),
    output: counterfactualsSchema
  })
}
