import { z } from 'zod'
import { modelStages, riskTiers } from './choice-words'
import { RunId, Sha256, GateResultId } from './reference'
import { RunMetric } from './run'
import { gateShortfall, policyChange } from './gate-standing'
import { gateOutcome } from './policy'
import type { Role } from './workspace'

export const ModelStage = z.enum(modelStages)
export type ModelStage = z.infer<typeof ModelStage>

/** Stages a person may move a version to from each stage. */
export const stageMoves: Record<ModelStage, readonly ModelStage[]> = {
  draft: ['in review', 'retired'],
  'in review': ['draft', 'approved', 'retired'],
  approved: ['released', 'retired'],
  released: ['retired'],
  retired: []
}

export const RiskTier = z.enum(riskTiers)

/** What the model card says in words; kept with the version and editable until it is approved. */
export const ModelPurpose = z.object({
  purpose: z.string().default(''),
  intendedUse: z.string().default(''),
  outOfScope: z.string().default(''),
  limitations: z.string().default(''),
  owner: z.string().default(''),
  riskTier: RiskTier.default('medium')
})
export type ModelPurpose = z.infer<typeof ModelPurpose>

export const ModelName = z
  .string()
  .trim()
  .regex(
    /^[\p{L}\p{N}][\p{L}\p{N}._-]{0,63}$/u,
    'A model name has 1 to 64 letters, digits, dots, dashes or underscores and starts with a letter or digit.'
  )

/** What a register step leaves: the name and the digest of `model.onnx`. */
export const registration = z.object({
  schema: z.literal('drydock.registration'),
  name: z.string(),
  model: z.string(),
  /** By parameter what a variant of the pipeline was given instead of the default: such a run registered nothing. */
  variant: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional()
})
export type Registration = z.infer<typeof registration>

/** Why a run that came to its register step registered nothing, and how it would. */
export const describeVariant = (variant: NonNullable<Registration['variant']>): string =>
  `not registered: this run is a variant of the pipeline (${Object.entries(variant)
    .map(([name, value]) => `${name} ${String(value)}`)
    .join(', ')}). Run it again and ask for a version if this is the one to keep.`

/** The role that a move takes, and by that the moves that are decisions: they are signed with a key of who decides. */
export const decidingRole: Partial<Record<ModelStage, Role>> = { approved: 'approver', released: 'approver' }

export const StageSignature = z.object({
  /** `unsigned`: decided before decisions were signed. */
  state: z.enum(['holds', 'altered', 'unsigned']),
  fingerprint: Sha256.optional()
})
export type StageSignature = z.infer<typeof StageSignature>

export const StageChange = z.object({
  from: ModelStage.nullable(),
  to: ModelStage,
  at: z.string(),
  by: z.string(),
  reason: z.string(),
  /** Of moves that are decisions. */
  signature: StageSignature.optional()
})

export const ModelVersion = z.object({
  name: ModelName,
  version: z.number().int().positive(),
  stage: ModelStage,
  /** A draft over which no gate passed. */
  withoutGate: z.literal(true).optional(),
  run: RunId,
  runName: z.string(),
  algorithm: z.string(),
  modelSha256: Sha256,
  metrics: z.record(z.string(), RunMetric),
  /**
   * The gate result that decides: of each policy the newest under the version in force counts, unless it passes and another text of the
   * policy failed; and of those a failure goes first.
   */
  gate: z
    .object({
      id: GateResultId,
      outcome: gateOutcome,
      policy: z.string(),
      shortfall: gateShortfall.optional(),
      /** Where the policy was applied by earlier versions of it only. */
      superseded: z.literal(true).optional(),
      /** Where the policy passes under another text than one that it did not pass under; what failed under that stays failed. */
      changed: policyChange.optional()
    })
    .nullable(),
  purpose: ModelPurpose,
  createdAt: z.string(),
  createdBy: z.string(),
  bundles: z.number()
})
export type ModelVersion = z.infer<typeof ModelVersion>

export const RegisteredModel = z.object({
  name: ModelName,
  versions: z.number(),
  latest: ModelVersion,
  /** The newest version that is released and not retired. */
  released: z.number().nullable()
})
export type RegisteredModel = z.infer<typeof RegisteredModel>

/** A node of the lineage graph: a thing named by content, or the attempt that made it. */
export const LineageNode = z.object({ id: z.string(), kind: z.string(), label: z.string(), detail: z.string() })
export const LineageEdge = z.object({ from: z.string(), to: z.string(), relation: z.enum(['used', 'produced']) })
export const Lineage = z.object({ nodes: z.array(LineageNode), edges: z.array(LineageEdge) })
export type Lineage = z.infer<typeof Lineage>

export const ModelVersionDetail = ModelVersion.extend({ history: z.array(StageChange), lineage: Lineage })
export type ModelVersionDetail = z.infer<typeof ModelVersionDetail>
