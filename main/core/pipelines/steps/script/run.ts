import { randomUUID } from 'node:crypto'
import { promises as fs } from 'node:fs'
import { dirname, isAbsolute, join } from 'node:path'
import { WorkbenchError } from '../../../../model/errors'
import type { ProgramSummary } from '../../../../model/program-environment'
import { readReportedNumber } from '../../../../model/reported-number'
import { sha256File } from '../../../../storage/objects/durable-files'
import { runProgram, TOKEN_VARIABLE } from '../../../confined-programs'
import type { StepContext } from '../../define-step'
import type { Parameters } from './definition'
import { followJsonLines, writeCsv } from './files'
import { readCsv } from './read-csv'
import { createSecretWords } from './secret-words'
import { takeModel } from './take-models'
import type { Sha256 } from '../../../../model/reference'

/** Runs the program over files and takes in what it wrote. */
export async function run(context: StepContext<Parameters>, frozen: Record<string, unknown>): Promise<void> {
  const { parameters: p, inputs, directory } = context
  const secrets = createSecretWords(context.secrets)
  const log = (lines: string): void => context.log(secrets.hide(lines))
  const work = join(directory, 'work')
  await fs.mkdir(work, { recursive: true })
  for (const [name, sha256] of Object.entries((frozen.code ?? {}) as Record<string, Sha256>))
    await place(join(work, name), await fs.readFile(context.objectPath(sha256)))
  for (const [name, text] of Object.entries(p.files)) await place(join(work, name), text)

  const env: Record<string, string> = {
    HOME: work,
    TMPDIR: work,
    DRYDOCK_SEED: String(p.seed),
    DRYDOCK_PARAMS: JSON.stringify(frozen.params ?? {}),
    DRYDOCK_METRICS: join(directory, 'metrics.jsonl'),
    DRYDOCK_PROGRESS: join(directory, 'progress.jsonl')
  }
  for (const [name, value] of Object.entries(context.environment)) if (value !== undefined) env[name] = value
  for (const [name, value] of Object.entries(context.secrets)) env[`DRYDOCK_SECRET_${name.toUpperCase()}`] = value
  env[TOKEN_VARIABLE] = `${process.env[TOKEN_VARIABLE] ?? randomUUID()}.script`
  for (const [port, input] of Object.entries(inputs)) await handOver(context, port, env, input)
  const outputs = Object.entries(p.outputs).map(([port, type]) => ({
    port,
    type,
    isCsv: p.tables === 'csv' && (type === 'Table' || type === 'FeatureSet'),
    path: join(directory, `out-${port}`)
  }))
  for (const output of outputs) {
    env[`DRYDOCK_OUTPUT_${output.port.toUpperCase()}`] = output.path
    if (output.type === 'Model') await fs.mkdir(output.path)
  }
  const before = await Promise.all(Object.values(inputs).map((input) => stateOf(input.path)))

  let passedOver = 0
  const metrics = followJsonLines(env.DRYDOCK_METRICS, (line) => {
    const point = readMetric(line)
    if (point) context.metric(secrets.hide(point.name), point.value, point.step)
    else passedOver++
  })
  const progress = followJsonLines(env.DRYDOCK_PROGRESS, (line) =>
    context.progress(
      typeof line.fraction === 'number' ? Math.min(1, Math.max(0, line.fraction)) : null,
      typeof line.message === 'string' ? secrets.hide(line.message).slice(0, 500) : ''
    )
  )
  try {
    log(`$ ${p.command.join(' ')}`)
    await runProgram({
      command: p.command,
      cwd: work,
      env,
      hide: secrets.hide,
      named: namedPaths(p, frozen),
      own: directory,
      confinement: { ...context.confinement, isRequired: p.confinement === 'required' },
      signal: context.signal,
      log
    })
  } finally {
    const [{ unread }] = await Promise.all([metrics.stop(), progress.stop()])
    if (passedOver + unread > 0) log(describePassedOver(passedOver + unread))
  }
  for (const [index, input] of Object.values(inputs).entries())
    if ((await stateOf(input.path)) !== before[index] && (await sha256File(input.path).catch(() => '')) !== input.sha256)
      throw new WorkbenchError(
        'DIGEST_MISMATCH',
        'The script wrote to one of its input files. Inputs are shared and must not be changed: check the workspace, and let the script write to its outputs only.'
      )

  for (const { port, type, isCsv, path } of outputs) {
    if (type === 'Model') {
      const files = await collectModelFiles(port, path)
      for (const file of Object.values(files)) await secrets.assertAbsent(port, file)
      await context.outputFiles(port, await takeModel({ ...context, log }, port, files))
      continue
    }
    await assertPlainFile(port, path)
    await secrets.assertAbsent(port, path)
    if (isCsv) {
      const file = context.path(`${port}.arrow`)
      const rows = await readCsv(await context.database(), { port, path, schema: p.schema[port] ?? {} }, file, context.signal)
      context.output(port, file, { type, rows })
    } else {
      if (type === 'Report' || type === 'Metrics') await assertJson(port, path)
      // A file that no step can read says so itself where one tries to.
      if (type === 'Table' || type === 'FeatureSet') for (const note of await notesOf(path)) context.log(`The output "${port}": ${note}`)
      context.output(port, path, { type })
    }
  }
}

/** The program and the files and folders that its arguments name: a confined program must see them wherever they lie. */
const namedPaths = ({ command }: Parameters, frozen: Record<string, unknown>): string[] => {
  const { interpreter, virtual } = (frozen.environment ?? {}) as Partial<ProgramSummary>
  const paths = [command[0], interpreter?.path, virtual?.path, ...Object.keys((frozen.arguments ?? {}) as object)]
  return paths.flatMap((path) => (path && isAbsolute(path) ? [path] : []))
}

/** Throws JOB_FAILED, and says what stands at an output instead of a file. */
async function assertPlainFile(port: string, path: string): Promise<void> {
  const about = await fs.lstat(path).catch(() => undefined)
  if (about?.isFile()) return
  const variable = `$DRYDOCK_OUTPUT_${port.toUpperCase()}`
  const kind = about?.isSymbolicLink() ? 'a link' : about?.isDirectory() ? 'a folder' : about?.isFIFO() ? 'a pipe' : 'a device or a socket'
  throw new WorkbenchError(
    'JOB_FAILED',
    about
      ? `The script left ${kind} at its output "${port}" (${variable}), and only a plain file is taken in. Let it write the bytes themselves there, ${about.isDirectory() ? 'such as an archive of the folder' : 'such as by copying what they come from'}.`
      : `The script ended without writing its output "${port}" to ${variable}. Look at its log.`
  )
}

const notesOf = async (path: string): Promise<string[]> => {
  try {
    // Loaded on demand: it brings the database's library along, and most scripts hand over no Arrow file.
    const { arrowReadingNotes } = await import('../../../../storage/arrow')
    return arrowReadingNotes(path)
  } catch {
    return []
  }
}

/** A line of the metrics file; undefined where it names no figure, no number or no whole step. */
function readMetric({ name, value, step = 0 }: Record<string, unknown>): { name: string; value: number; step: number } | undefined {
  const number = readReportedNumber(value)
  if (typeof name !== 'string' || name === '' || name.length > 250 || number === undefined || !Number.isSafeInteger(step)) return undefined
  return { name, value: number, step: step as number }
}

const describePassedOver = (lines: number): string =>
  `${lines} ${lines === 1 ? 'line' : 'lines'} of the metrics file ${lines === 1 ? 'was' : 'were'} passed over. Write JSON objects with "name" (up to 250 characters), "value" (a number, or "NaN", "Infinity", "-Infinity") and, if you like, "step" (a whole number).`

async function handOver(
  context: StepContext<Parameters>,
  port: string,
  env: Record<string, string>,
  input: StepContext<Parameters>['inputs'][string]
): Promise<void> {
  const name = `DRYDOCK_INPUT_${port.toUpperCase()}`
  env[name] = input.path
  if (context.parameters.tables === 'csv' && (input.type === 'Table' || input.type === 'FeatureSet')) {
    env[name] = context.path(`${port}.csv`)
    await writeCsv(await context.database(), input.path, env[name])
  }
  const parts = Object.entries(input.files)
  if (parts.length === 0) return
  const folder = join(context.directory, `in-${port}`)
  for (const [part, path] of parts) await place(join(folder, part), await fs.readFile(path))
  env[`${name}_DIR`] = folder
}

async function collectModelFiles(port: string, folder: string): Promise<Record<string, string>> {
  const entries = await fs.readdir(folder, { withFileTypes: true })
  const odd = entries.find((entry) => !entry.isFile())
  if (odd || !entries.some((entry) => entry.name === 'model.onnx'))
    throw new WorkbenchError(
      'JOB_FAILED',
      odd
        ? `The model "${port}" holds "${odd.name}", which is not a plain file. Write files only.`
        : `The script wrote no model.onnx into the folder $DRYDOCK_OUTPUT_${port.toUpperCase()}. Look at its log.`
    )
  return Object.fromEntries(entries.map(({ name }) => [name, join(folder, name)]))
}

async function place(path: string, bytes: string | Buffer): Promise<void> {
  await fs.mkdir(dirname(path), { recursive: true })
  await fs.writeFile(path, bytes)
}

/** Inode, size and times; the change time moves with every write and cannot be set back. Empty when the file is gone. */
async function stateOf(path: string): Promise<string> {
  const about = await fs.stat(path, { bigint: true }).catch(() => undefined)
  return about ? `${about.ino}:${about.size}:${about.mtimeNs}:${about.ctimeNs}` : ''
}

async function assertJson(port: string, path: string): Promise<void> {
  try {
    JSON.parse(await fs.readFile(path, 'utf8'))
  } catch (error) {
    throw new WorkbenchError(
      'JOB_FAILED',
      `The output "${port}" is declared as a report but is not JSON: ${(error as Error).message}. Correct the script (JSON has no NaN and no Infinity: write null or a text), or declare it as a File.`
    )
  }
}
