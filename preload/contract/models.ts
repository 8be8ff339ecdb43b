import { z } from 'zod'
import { gateReport } from '../../main/model/policy'
import { ModelName, ModelPurpose, ModelStage, ModelVersion, ModelVersionDetail, RegisteredModel } from '../../main/model/registry'
import { command, query } from '../wire/definitions'

const VersionKey = z.object({ name: ModelName, version: z.number().int().positive() })

export const models = {
  list: query({ input: z.object({}), output: z.array(RegisteredModel) }),
  versions: query({ input: z.object({ name: ModelName }), output: z.array(ModelVersion) }),
  get: query({ input: VersionKey, output: ModelVersionDetail }),
  register: command({
    input: z.object({ run: z.string(), name: ModelName, purpose: ModelPurpose.partial().optional() }),
    output: ModelVersion,
    topics: ['models', 'experiments', 'workspace']
  }),
  setPurpose: command({ input: VersionKey.extend({ purpose: ModelPurpose }), output: ModelVersionDetail, topics: ['models'] }),
  setStage: command({
    input: VersionKey.extend({ to: ModelStage, reason: z.string().trim().min(1, 'Say why; the reason is part of the record.').max(2000) }),
    output: ModelVersionDetail,
    topics: ['models', 'workspace']
  }),
  /** The last gate report over this version's run, whole. */
  gateReport: query({ input: VersionKey, output: gateReport.nullable() }),
  /** The model card as one self-contained HTML page. */
  card: query({ input: VersionKey, output: z.object({ html: z.string() }) })
}
