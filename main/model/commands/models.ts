import { z } from 'zod'
import { ModelName, ModelPurpose, ModelStage, ModelVersion, ModelVersionDetail } from '../registry'
import { shape } from './shape'
import { RunId } from '../reference'

export const modelVersionKey = z.object({ name: ModelName, version: z.number().int().positive() })

export const modelShapes = {
  /** Refused where no gate passed over the run, unless a draft without gate is asked for. */
  register: shape(
    z.object({ run: RunId, name: ModelName, purpose: ModelPurpose.partial().optional(), withoutGate: z.boolean().optional() }),
    ModelVersion,
    ['models', 'experiments']
  ),
  setPurpose: shape(modelVersionKey.extend({ purpose: ModelPurpose }), ModelVersionDetail, ['models']),
  setStage: shape(
    modelVersionKey.extend({ to: ModelStage, reason: z.string().trim().min(1, 'Say why; the reason is part of the record.').max(2000) }),
    ModelVersionDetail,
    ['models', 'experiments']
  )
}
