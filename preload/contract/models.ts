import { z } from 'zod'
import { modelShapes, modelVersionKey } from '../../main/model/commands/models'
import { modelEvaluationSchema } from '../../main/model/model-evaluation'
import { gateReport } from '../../main/model/policy'
import { ModelName, ModelVersion, ModelVersionDetail, RegisteredModel } from '../../main/model/registry'
import { command, query } from '../wire/definitions'

export const models = {
  list: query({ input: z.object({}), output: z.array(RegisteredModel) }),
  versions: query({ input: z.object({ name: ModelName }), output: z.array(ModelVersion) }),
  get: query({ input: modelVersionKey, output: ModelVersionDetail }),
  /** The first test of the version and every later evaluation of its model, each held against the first. */
  evaluations: query({ input: modelVersionKey, output: z.array(modelEvaluationSchema) }),
  register: command(modelShapes.register),
  setPurpose: command(modelShapes.setPurpose),
  setStage: command(modelShapes.setStage),
  /** The last gate report over this version's run, whole. */
  gateReport: query({ input: modelVersionKey, output: gateReport.nullable() }),
  /** The model card as one self-contained HTML page. */
  card: query({ input: modelVersionKey, output: z.object({ html: z.string() }) })
}
