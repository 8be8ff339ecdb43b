import { promises as fs } from 'node:fs'
import { join } from 'node:path'
import { describeImport } from '../../../../model/imported-model'
import type { ProgramSummary } from '../../../../model/program-environment'
import type { Sha256 } from '../../../../model/reference'
import type { RunOf, StepWork } from '../../define-step'
import type { externalScorerDefinition } from './definition'

const load = async () => {
  const [{ importProgram }, { readFrame }] = await Promise.all([import('../../../imported-models'), import('../../../frames')])
  return { importProgram, readFrame }
}
export const prepare: StepWork['prepare'] = load

/** Freezes the program into a model and tries it on the rows. */
export async function run(context: RunOf<typeof externalScorerDefinition>, frozen: Record<string, unknown>): Promise<void> {
  const { importProgram, readFrame } = await load()
  const { parameters: p, inputs, log, progress, signal } = context
  const { command, code: _, files, seconds, learned, ...choices } = p
  progress(null, 'Trying the program')
  const code: Record<string, Uint8Array> = {}
  for (const [path, sha256] of Object.entries((frozen.code ?? {}) as Record<string, Sha256>))
    code[path] = await fs.readFile(context.objectPath(sha256))
  for (const [name, text] of Object.entries(files)) code[name] = Buffer.from(text, 'utf8')
  const interpreter = (frozen.environment as ProgramSummary | undefined)?.interpreter
  const folder = context.path('model')
  const taken = await importProgram({
    command,
    batchSeconds: seconds,
    seconds: seconds * 7,
    code,
    program: interpreter?.path ? { path: interpreter.path, version: interpreter.version, sha256: interpreter.sha256 } : null,
    frame: await readFrame(inputs.rows.path, undefined, signal),
    table: inputs.rows.sha256,
    choices,
    folder,
    signal
  })
  for (const line of describeImport(taken.record)) log(line)
  const parts = Object.fromEntries(taken.files.map((name) => [name, join(folder, name)]))
  if (learned) {
    parts['training.json'] = join(folder, 'training.json')
    await fs.writeFile(parts['training.json'], JSON.stringify({ trainingTable: { sha256: inputs.rows.sha256 } }))
  }
  await context.outputFiles('model', parts, { target: taken.signature.target.name })
  await context.outputJson('report', taken.record)
}
