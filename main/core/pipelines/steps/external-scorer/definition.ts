import { z } from 'zod'
import { importChoicesSchema, importedModelSchema } from '../../../../model/imported-model'
import { modelManifest } from '../../../../model/model-manifest'
import type { ProgramSummary } from '../../../../model/program-environment'
import { contentReference, printDigest, type Sha256 } from '../../../../model/reference'
import { sha256 } from '../../../../storage/objects/durable-files'
import { describeStep } from '../../define-step'
import { snapshotCode } from '../script/code-snapshot'
import { argumentsOf, commandLine, FileName, programFor } from '../script/definition'
import { areUnchanged } from '../script/environment'

const { output: _output, scores: _scores, ...choices } = importChoicesSchema.shape

const parameters = z.strictObject({
  command: z.array(z.string().min(1).max(8000)).min(1).max(200).meta({
    title: 'Command',
    description: 'Program and arguments, one a line; it reads DRYDOCK_INPUT_ROWS and writes DRYDOCK_OUTPUT_SCORES, both CSV.'
  }),
  code: z.array(z.string().min(1).max(1000)).default([]).meta({
    title: 'Code',
    description: "Files and folders of the workspace's code/ folder, with what the program loads; frozen into the model."
  }),
  files: z
    .record(FileName, z.string().max(1_000_000))
    .default({})
    .meta({ title: 'Files', description: 'Small files written beside the command, by name.' }),
  ...choices,
  columns: choices.columns.meta({
    title: 'Input columns',
    description: 'Columns that the program reads; all but the target where none is named.',
    format: 'column'
  }),
  seconds: z.int().min(1).max(86_400).default(300).meta({ title: 'Seconds', description: 'What it may take for one batch of rows.' }),
  learned: z.boolean().default(false).meta({
    title: 'Learned from these rows',
    description: 'The connected rows are those that the model learned from. Otherwise what it learned from is not known.'
  })
})

const codeOf = (frozen: Record<string, unknown>) => (frozen.code ?? {}) as Record<string, Sha256>

export const externalScorerDefinition = describeStep({
  type: 'external-scorer',
  version: 1,
  title: 'External scorer',
  help: 'Takes in a model without ONNX form: frozen code and a command that reads a table and writes scores. It is judged, explained and gated like others and is not portable. The guide has a page on it: external-scorers.',
  icon: 'terminal',
  category: 'training',
  parameters,
  inputs: {
    rows: { types: ['Table', 'FeatureSet'], help: 'Rows with the target, to draft the signature from and to try the program on.' }
  },
  outputs: {
    model: { type: 'Model', help: 'scorer.json with the command and its code, and the signature.', document: modelManifest },
    report: { type: 'Report', help: 'What it was found to be.', document: importedModelSchema }
  },
  startsPrograms: true,
  platformBound: true,
  recorded: (p, frozen) => ({
    command: commandLine(p.command),
    target: p.target,
    ...Object.fromEntries(Object.entries(p.files).map(([name, text]) => [`file ${name}`, printDigest(sha256(text))])),
    ...Object.fromEntries(Object.entries(codeOf(frozen)).map(([path, bytes]) => [`code ${path}`, printDigest(bytes)]))
  }),
  freeze: async (p, context) => ({
    code: await snapshotCode(p.code, context),
    ...(await programFor({ command: p.command, environment: [] }, context))
  }),
  holds: (frozen) => areUnchanged(argumentsOf(frozen)),
  program: (frozen) => (frozen.environment as ProgramSummary | undefined) ?? null,
  uses: (_, frozen) =>
    Object.entries(codeOf(frozen)).map(([path, digest]) => ({
      port: `code/${path}`,
      sha256: digest,
      reference: contentReference('code', path, digest)
    }))
})
