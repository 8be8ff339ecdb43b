import { basename } from 'node:path'
import { z } from 'zod'
import { WorkbenchError } from '../../../../model/errors'
import { importChoicesSchema } from '../../../../model/imported-model'
import { PortName, type ParameterValue } from '../../../../model/pipeline'
import type { ProgramSummary } from '../../../../model/program-environment'
import { describeStep, type FreezeContext } from '../../define-step'
import { snapshotCode } from './code-snapshot'
import { columnTypes } from './column-types'
import { areUnchanged, argumentFiles, captureProgram, summaryOf, type ArgumentFiles } from './environment'
import { type Sha256, isSha256, contentReference, printDigest } from '../../../../model/reference'
import { sha256 } from '../../../../storage/objects/durable-files'

export const FileName = z
  .string()
  .regex(/^(?!\/)(?!.*(^|\/)\.\.(\/|$))[^\\:*?"<>|\u0000-\u001f]{1,200}$/, 'Use a relative path without "..".')
/** Names of the file protocol, and the passphrase of the person's keys: a pipeline must neither replace the ones nor read the other. */
const reserved = /^DRYDOCK_(ATTEMPT|SEED|METRICS|PROGRESS|PARAMS|PASSPHRASE|SECRET_.*|INPUT_.*|OUTPUT_.*)$/i
/** Variables that every program is handed, because many do not run without them, and whose values can change what it makes. */
const handed = ['PATH', 'LANG', 'LC_ALL', 'TZ', ...(process.platform === 'win32' ? ['SystemRoot', 'PATHEXT'] : [])]
/** What a program may say that it writes. Evidence is not among it: a gate decides on what the workbench itself measured. */
const writable = ['Table', 'FeatureSet', 'Model', 'Report', 'Metrics', 'File'] as const
/** By output port, by column. */
const outputSchemas = z.record(PortName, z.record(z.string().min(1).max(250), z.enum(columnTypes)))

/** What a Model output predicts, for a script that leaves an ONNX file of its own making. */
const modelOutput = z.strictObject({
  ...importChoicesSchema.shape,
  rows: PortName.optional().describe('Input with rows of the target, to draft and check on; by default the first table.'),
  learned: z.boolean().default(false).describe('The model learned from these rows.'),
  threshold: z.number().min(0).max(1).default(0.5).describe('Where a decision changes, for the comparison with predictions.csv.')
})

const parameters = z.strictObject({
  command: z
    .array(z.string().min(1).max(8000))
    .min(1)
    .max(200)
    .meta({ title: 'Command', description: 'Program and arguments, one a line; no shell in between.' }),
  files: z
    .record(FileName, z.string().max(1_000_000))
    .default({})
    .meta({ title: 'Files', description: 'Small files written beside the command, by name.' }),
  code: z
    .array(z.string().min(1).max(1000))
    .default([])
    .meta({ title: 'Code', description: "Files and folders of the workspace's code/ folder; frozen when the run starts." }),
  outputs: z.record(PortName, z.enum(writable)).default({}).meta({ title: 'Outputs', description: 'Output ports and what they hold.' }),
  models: z.record(PortName, modelOutput).optional().meta({
    title: 'Models',
    description:
      'What each Model output predicts, by port: { model: { target: COLUMN } }. Its signature is then drafted from graph and rows, or checked, and predictions.csv beside it compared.'
  }),
  tables: z
    .enum(['arrow', 'csv'])
    .default('arrow')
    .meta({ title: 'Tables as', description: 'Format in which tables are handed over and taken back.' }),
  environment: z
    .array(
      z
        .string()
        .regex(/^[A-Za-z_][A-Za-z0-9_]{0,100}$/)
        .refine((name) => !reserved.test(name), 'This variable is set by Drydock or is a secret of yours. Name another.')
    )
    .default([])
    .meta({ title: 'Environment', description: 'Variables of this computer that the command may see; their values count for the cache.' }),
  params: z.array(z.string().min(1).max(63)).optional().meta({
    title: 'Pipeline parameters',
    description: 'Parameters of the pipeline that stand in DRYDOCK_PARAMS; all of them when none is named. Only these count for the cache.'
  }),
  confinement: z.literal('required').optional().meta({
    title: 'Confinement',
    description: 'With "required" the command is not run where it cannot be kept from the network and from writing outside of its folder.'
  }),
  secrets: z
    .array(z.string().min(1).max(63))
    .default([])
    .meta({ title: 'Secrets', description: 'Secret parameters of the pipeline that the command finds as DRYDOCK_SECRET_<NAME>.' }),
  schema: outputSchemas.default({}).meta({
    title: 'Columns',
    description:
      'Types of columns of CSV outputs, by port and column: text, integer, number, boolean, date, timestamp or time. The rest is read with care.'
  }),
  seed: z
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .default(0)
    .meta({ title: 'Seed', description: 'Handed over as DRYDOCK_SEED.' })
})
export type Parameters = z.output<typeof parameters>

const isTable = (type: string | undefined): boolean => type === 'Table' || type === 'FeatureSet'
const digest = (text: string): string => printDigest(sha256(text))
const MAX_SHOWN = 300
/** A command as one would type it; a long one is cut and told from others by its digest. */
export function commandLine(command: readonly string[]): string {
  const line = command.map((word) => (/^[\w@%+=:,./\\-]+$/.test(word) ? word : JSON.stringify(word))).join(' ')
  return line.length > MAX_SHOWN ? `${line.slice(0, MAX_SHOWN)}\u2026 ${digest(line)}` : line
}

/** The program file, what it finds to work with, and the files that its arguments name. */
export async function programFor(
  p: Pick<Parameters, 'command' | 'environment'>,
  context: FreezeContext
): Promise<{ program: Sha256 | null; environment: ProgramSummary; arguments?: ArgumentFiles }> {
  // Steps of one run that start the same program share what is read of it.
  const environment = await context.once(JSON.stringify([p.command[0], p.environment]), async () => {
    const captured = await captureProgram(p.command[0], p.environment, context.directory)
    return summaryOf(captured, await context.putObject(JSON.stringify(captured, null, 1)))
  })
  const files = await argumentFiles(p.command, context.directory)
  return { program: environment.interpreter.sha256, environment, ...(Object.keys(files).length && { arguments: files }) }
}
export const argumentsOf = (frozen: Record<string, unknown>): ArgumentFiles => (frozen.arguments ?? {}) as ArgumentFiles

/** What the program finds in DRYDOCK_PARAMS; nothing where the pipeline has no parameter for it. */
function paramsFor({ params }: Parameters, values: Readonly<Record<string, ParameterValue>>): { params?: Record<string, ParameterValue> } {
  const missing = params?.find((name) => !Object.hasOwn(values, name))
  if (missing !== undefined)
    throw new WorkbenchError(
      'INVALID_INPUT',
      `The pipeline has no parameter "${missing}" for DRYDOCK_PARAMS. ${Object.keys(values).length ? `It has: ${Object.keys(values).join(', ')}.` : 'It has none.'} Correct "params" of the step; a secret goes under "secrets".`
    )
  const chosen = Object.entries(values).filter(([name]) => params?.includes(name) ?? true)
  return chosen.length ? { params: Object.fromEntries(chosen) } : {}
}

export const scriptDefinition = describeStep({
  type: 'script',
  version: 3,
  title: 'Script',
  help: 'Runs any program. Inputs and outputs are files named by DRYDOCK_INPUT_<PORT> and DRYDOCK_OUTPUT_<PORT>; metrics and progress are JSON lines. The guide has a page on it: script-steps.',
  icon: 'terminal',
  category: 'custom',
  parameters,
  inputs: {},
  dynamicInputs: { types: ['Table', 'FeatureSet', 'Model', 'Report', 'Metrics', 'File'], help: 'A file for the program.' },
  outputs: {},
  outputsFor: (p) =>
    Object.fromEntries(
      Object.entries(p.outputs ?? {})
        .filter(([, type]) => writable.includes(type))
        .map(([port, type]) => [port, { type, help: 'A file that the program writes.' }])
    ),
  check: (p, { inputs }) => [
    ...Object.entries(p.models ?? {}).flatMap(([port, { rows }]) => [
      ...(p.outputs[port] === 'Model'
        ? []
        : [{ message: `"models" names "${port}", which is no output of type Model.`, parameter: 'models' }]),
      ...(inputs.length === 0 || (rows !== undefined && !inputs.includes(rows))
        ? [
            {
              message: `The model "${port}" needs rows to be checked on${rows === undefined ? '' : ` at the input "${rows}"`}. Connect a table with its target.`,
              parameter: 'models'
            }
          ]
        : [])
    ]),
    ...(Object.keys(p.outputs).length
      ? []
      : [{ message: 'The script has no output. Name at least one, or nothing of its work is kept.', parameter: 'outputs' }]),
    ...Object.keys(p.schema)
      .filter((port) => p.tables !== 'csv' || !isTable(p.outputs[port]))
      .map((port) => ({
        message: `"schema" names "${port}", which is no Table that is taken back as CSV. An Arrow file has types of its own: remove it.`,
        parameter: 'schema'
      }))
  ],
  environment: (p) => [...new Set([...handed, ...p.environment])],
  secrets: (p) => p.secrets,
  platformBound: true,
  startsPrograms: true,
  recorded: (p, frozen) => ({
    command: commandLine(p.command),
    ...Object.fromEntries(Object.entries(p.files).map(([name, text]) => [`file ${name}`, digest(text)])),
    ...Object.fromEntries(
      Object.entries((frozen.code ?? {}) as Record<string, Sha256>).map(([path, bytes]) => [`code ${path}`, printDigest(bytes)])
    ),
    ...(p.environment.length > 0 && { environment: p.environment.join(', ') })
  }),
  freeze: async (p, context) => ({
    // How its CSV is read counts for the cache: tables that an earlier version of Drydock read by guesswork are not taken again.
    ...(p.tables === 'csv' && Object.values(p.outputs).some(isTable) && { csv: 'RFC 4180' }),
    code: await snapshotCode(p.code, context),
    ...(await programFor(p, context)),
    ...paramsFor(p, context.parameters)
  }),
  holds: (frozen) => areUnchanged(argumentsOf(frozen)),
  program: (frozen) => (frozen.environment as ProgramSummary | undefined) ?? null,
  unchecked: (p, frozen) => [
    ...((frozen.environment as ProgramSummary | undefined)?.unchecked ?? []).map((what) => `packages not checked, because ${what}`),
    ...Object.entries(argumentsOf(frozen)).flatMap(([path, digest]) =>
      digest === null ? [`files not checked, because ${path} is too large a folder`] : []
    ),
    ...p.secrets.map((name) => `the value of the secret "${name}" is not looked at`)
  ],
  uses: (p, frozen) => [
    ...Object.entries(argumentsOf(frozen)).flatMap(([path, sha256]) =>
      sha256 === null ? [] : [{ port: `argument/${path}`, sha256, reference: contentReference('file', path, sha256) }]
    ),
    ...Object.entries((frozen.code ?? {}) as Record<string, Sha256>).map(([path, sha256]) => ({
      port: `code/${path}`,
      sha256,
      reference: contentReference('code', path, sha256)
    })),
    ...(typeof frozen.program === 'string' && isSha256(frozen.program)
      ? [{ port: 'program', sha256: frozen.program, reference: contentReference('program', basename(p.command[0]), frozen.program) }]
      : [])
  ]
})
