import { z } from 'zod'
import { GateWord } from './gate-standing'
import { columnRoleSchema } from './dataset-column'
import { portTypes } from './port-types'
import { Sha256, PipelineRunId } from './reference'

export { Sha256 }

export const PortType = z.enum(portTypes)
export type PortType = z.infer<typeof PortType>

/** Lowercase words joined by hyphens or underscores: safe in a file name, a reference and an environment variable. */
export const Identifier = z
  .string()
  .regex(/^[a-z][a-z0-9_-]{0,62}$/, 'Use lowercase letters, digits, "-" and "_", and begin with a letter (at most 63).')
/** An identifier made of a title, with a number where `taken` has it already; `otherwise` where no letter of the title can stand in one. */
export function identifierFor(title: string, taken: ReadonlySet<string>, otherwise: string): string {
  const base =
    title
      .normalize('NFKD')
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^[^a-z]+|-+$/g, '')
      .slice(0, 56)
      .replace(/-+$/, '') || otherwise
  if (!taken.has(base)) return base
  for (let number = 2; ; number++) if (!taken.has(`${base}-${number}`)) return `${base}-${number}`
}

/** Port names become environment variables and SQL names, so they hold no hyphen. */
export const PortName = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,62}$/, 'Use lowercase letters, digits and "_", and begin with a letter (at most 63).')
export const PortReference = z
  .string()
  .regex(/^[a-z][a-z0-9_-]{0,62}\.[a-z][a-z0-9_]{0,62}$/, 'Write "step.port", for example "split.train".')

export const ParameterValue = z.union([z.string(), z.number(), z.boolean()])
export type ParameterValue = z.infer<typeof ParameterValue>

export const PipelineParameter = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9_]{0,62}$/, 'Use letters, digits and "_", and begin with a letter.')
    .describe('Steps write ${{ parameters.NAME }} for its value.'),
  type: z
    .enum(['string', 'integer', 'number', 'boolean', 'secret'])
    .describe('A secret is handed to the steps that name it and written down nowhere.'),
  default: ParameterValue.optional().describe('What holds when a run gives no value; without it each run must.'),
  description: z.string().max(2000).optional().describe('What it is for, shown where a run is started.')
})
export type PipelineParameter = z.infer<typeof PipelineParameter>

export const PipelineStep = z.strictObject({
  id: Identifier.describe('Its name within the pipeline; other steps write "id.port".'),
  type: z.string().min(1).max(63).describe('The step type.'),
  version: z.int().positive().optional().describe('Version of the step type the document was written for; the newest when absent.'),
  title: z.string().max(200).optional().describe('What the canvas shows.'),
  inputs: z.record(PortName, PortReference).optional().describe('By input port the output that feeds it, as "step.port".'),
  parameters: z.record(z.string(), z.json()).optional().describe('What the step type is told.'),
  position: z.strictObject({ x: z.number(), y: z.number() }).optional().describe('Its place on the canvas; without it one is found.'),
  cache: z
    .enum(['auto', 'never'])
    .optional()
    .describe('Whether outputs of an earlier run with the same content may be taken; auto when absent.'),
  retries: z.int().min(0).max(10).optional().describe('Extra attempts after a failure.'),
  timeout: z
    .number()
    .positive()
    .max(7 * 86_400)
    .optional()
    .describe('Wall-clock limit of one attempt, seconds.'),
  memory: z.number().positive().optional().describe("Memory limit of the attempt's whole process tree, MiB.")
})
export type PipelineStep = z.infer<typeof PipelineStep>

/** Steps that a pipeline may have. */
export const MAX_STEPS = 2000

/** `drydock.pipeline` version 1. */
export const PipelineDocument = z.strictObject({
  schema: z.literal('drydock.pipeline'),
  version: z.literal(1).describe('Version of the document format.'),
  name: Identifier.describe('What it is saved and run by.'),
  title: z.string().max(200).optional().describe('What lists show.'),
  description: z.string().max(20_000).optional().describe('What it is for.'),
  parameters: z.array(PipelineParameter).max(100).optional().describe('Values that each run may give.'),
  steps: z.array(PipelineStep).max(MAX_STEPS).describe('In any order: the ports say what comes first.')
})
export type PipelineDocument = z.infer<typeof PipelineDocument>

/** A finding about a pipeline document: a value, shown beside the step or the line it is about. */
export const PipelineProblem = z.object({
  code: z.enum([
    'SYNTAX',
    'SCHEMA',
    'UNSUPPORTED_VERSION',
    'DUPLICATE_ID',
    'UNKNOWN_STEP_TYPE',
    'UNKNOWN_PORT',
    'MISSING_INPUT',
    'SCRIPTS_OFF',
    'DANGLING_REFERENCE',
    'TYPE_MISMATCH',
    'EVIDENCE_MISMATCH',
    'CYCLE',
    'MISSING_PARAMETER',
    'INVALID_PARAMETER',
    'UNKNOWN_PARAMETER',
    'COLUMN_ROLE',
    'UNKNOWN_DATASET',
    'UNKNOWN_POLICY',
    'UNKNOWN_COLUMN',
    'EMPTY'
  ]),
  severity: z.enum(['error', 'warning']),
  message: z.string(),
  stepId: z.string().optional(),
  port: z.string().optional(),
  /** Path inside the step's parameters, for the form. */
  parameter: z.string().optional(),
  /** 1-based position in the YAML text. */
  line: z.number().optional(),
  column: z.number().optional()
})
export type PipelineProblem = z.infer<typeof PipelineProblem>

/** A name that names nothing in the workspace now. The start of a run looks again: by its own parameters, and in the steps that it needs. */
export const isUnknownName = ({ code }: PipelineProblem): boolean =>
  code === 'UNKNOWN_DATASET' || code === 'UNKNOWN_POLICY' || code === 'UNKNOWN_COLUMN'

export const PortInfo = z.object({ name: z.string(), types: z.array(PortType), optional: z.boolean(), help: z.string() })
export type PortInfo = z.infer<typeof PortInfo>

/** What the step palette and the step form need to know about one step type. */
export const StepTypeInfo = z.object({
  type: z.string(),
  version: z.number(),
  title: z.string(),
  help: z.string(),
  /** Name of a lucide icon. */
  icon: z.string(),
  category: z.enum(['data', 'quality', 'training', 'governance', 'custom']),
  inputs: z.array(PortInfo),
  outputs: z.array(PortInfo),
  /** Set when the author names the input ports freely (sql, script); the types they take. */
  dynamicInputs: z.array(PortType).nullable(),
  /** True when the parameters decide which output ports there are. */
  dynamicOutputs: z.boolean(),
  /** JSON Schema (draft 2020-12) of the parameters. */
  parametersSchema: z.record(z.string(), z.unknown()),
  /** Parameters that have fields of their own, by the choice in the parameter `by`: JSON Schemas like the one above. */
  nested: z.array(z.object({ parameter: z.string(), by: z.string(), schemas: z.record(z.string(), z.record(z.string(), z.unknown())) }))
})
export type StepTypeInfo = z.infer<typeof StepTypeInfo>

/** The ports one step of a document really has, after its parameters were looked at; the canvas draws these. */
export const ResolvedPorts = z.object({ stepId: z.string(), inputs: z.array(PortInfo), outputs: z.array(PortInfo) })
export type ResolvedPorts = z.infer<typeof ResolvedPorts>

/** The columns of the tables at the inputs of a step, as far as they can be told without running anything. */
export const StepColumns = z.object({
  stepId: z.string(),
  columns: z.array(z.object({ name: z.string(), role: columnRoleSchema.nullable(), type: z.string().nullable() })),
  /** There may be others. */
  isOpen: z.boolean()
})
export type StepColumns = z.infer<typeof StepColumns>

export const PipelineCheck = z.object({
  /** Null when the text does not parse. */
  document: PipelineDocument.nullable(),
  problems: z.array(PipelineProblem),
  ports: z.array(ResolvedPorts),
  /** What is known of the columns that each step reads; no row was looked at. */
  columns: z.array(StepColumns).optional()
})
export type PipelineCheck = z.infer<typeof PipelineCheck>

/** One change by the canvas; comments and layout of the rest of the text stay. */
export const PipelineEdit = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('set-details'), title: z.string().max(200).optional(), description: z.string().max(20_000).optional() }),
  z.object({ kind: z.literal('set-parameters'), parameters: z.array(PipelineParameter).max(100) }),
  z.object({ kind: z.literal('add-step'), step: PipelineStep }),
  z.object({ kind: z.literal('remove-step'), stepId: z.string() }),
  z.object({ kind: z.literal('rename-step'), stepId: z.string(), newId: Identifier }),
  z.object({
    kind: z.literal('update-step'),
    stepId: z.string(),
    /** Each given key replaces the step's; null removes it. */
    title: z.string().max(200).nullish(),
    parameters: z.record(z.string(), z.json()).nullish(),
    cache: z.enum(['auto', 'never']).nullish(),
    retries: z.int().min(0).max(10).nullish(),
    timeout: z.number().positive().nullish(),
    memory: z.number().positive().nullish()
  }),
  z.object({ kind: z.literal('move-step'), stepId: z.string(), position: z.object({ x: z.number(), y: z.number() }) }),
  z.object({ kind: z.literal('connect'), from: PortReference, stepId: z.string(), port: PortName }),
  z.object({ kind: z.literal('disconnect'), stepId: z.string(), port: PortName })
])
export type PipelineEdit = z.infer<typeof PipelineEdit>

export const PipelineVersionInfo = z.object({ sha256: Sha256, createdAt: z.string(), steps: z.number() })
export type PipelineVersionInfo = z.infer<typeof PipelineVersionInfo>

export const PipelineSummary = z.object({
  name: z.string(),
  title: z.string(),
  description: z.string(),
  /** Newest saved version; null while there is only a draft. */
  version: Sha256.nullable(),
  versions: z.number(),
  hasDraft: z.boolean(),
  /** The workbench wrote it itself, to record what it did: nobody drew it. */
  automatic: z.boolean(),
  steps: z.number(),
  updatedAt: z.string(),
  /** When it was put in the trash. */
  removedAt: z.string().nullable(),
  lastRun: z
    .object({ id: PipelineRunId, state: z.string(), createdAt: z.string(), finishedAt: z.string().nullable(), gate: GateWord.optional() })
    .nullable()
})
export type PipelineSummary = z.infer<typeof PipelineSummary>

export const PipelineDetail = PipelineSummary.extend({
  /** The text asked for: a version, or the draft when there is one and no version was named. */
  yaml: z.string(),
  source: z.enum(['version', 'draft']),
  draftSavedAt: z.string().nullable(),
  history: z.array(PipelineVersionInfo),
  check: PipelineCheck
})
export type PipelineDetail = z.infer<typeof PipelineDetail>
