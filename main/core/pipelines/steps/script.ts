import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { promises as fs } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { z } from 'zod'
import { WorkbenchError } from '../../../model/errors'
import { PortName, portTypes } from '../../../model/pipeline'
import { sha256File } from '../../../storage/objects/durable-files'
import { defineStep, type StepContext } from '../define-step'
import { killTree, TOKEN_VARIABLE } from '../process-tree'
import { snapshotCode } from './code-snapshot'
import { programDigest } from './program-digest'
import { followJsonLines, writeCsv } from './script-files'
import { sqlText } from './sql-text'

const FileName = z.string().regex(/^(?!\/)(?!.*(^|\/)\.\.(\/|$))[^\\:*?"<>|\u0000-\u001f]{1,200}$/, 'Use a relative path without "..".')
/** Names of the file protocol, and the passphrase of the person's keys: a pipeline must neither replace the ones nor read the other. */
const reserved = /^DRYDOCK_(ATTEMPT|SEED|METRICS|PROGRESS|PASSPHRASE|INPUT_.*|OUTPUT_.*)$/i
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
  outputs: z.record(PortName, z.enum(portTypes)).default({}).meta({ title: 'Outputs', description: 'Output ports and what they hold.' }),
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
  seed: z
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .default(0)
    .meta({ title: 'Seed', description: 'Handed over as DRYDOCK_SEED.' })
})
type Parameters = z.output<typeof parameters>

export const scriptStep = defineStep({
  type: 'script',
  version: 1,
  title: 'Script',
  help: 'Runs any program. Inputs and outputs are files named by DRYDOCK_INPUT_<PORT> and DRYDOCK_OUTPUT_<PORT>; metrics and progress are JSON lines. See resources/script-step.md.',
  icon: 'terminal',
  category: 'custom',
  parameters,
  inputs: {},
  dynamicInputs: { types: ['Table', 'FeatureSet', 'Model', 'Report', 'Metrics', 'File'], help: 'A file for the program.' },
  outputs: {},
  outputsFor: (p) =>
    Object.fromEntries(
      Object.entries(p.outputs ?? {})
        .filter(([, type]) => portTypes.includes(type))
        .map(([port, type]) => [port, { type, help: 'A file that the program writes.' }])
    ),
  check: (p) =>
    Object.keys(p.outputs).length
      ? []
      : [{ message: 'The script has no output. Name at least one, or nothing of its work is kept.', parameter: 'outputs' }],
  environment: (p) => p.environment,
  platformBound: true,
  freeze: async (p, context) => ({ code: await snapshotCode(p.code, context), program: await programDigest(p.command[0]) }),
  uses: (p, frozen) => [
    ...Object.entries((frozen.code ?? {}) as Record<string, string>).map(([path, sha256]) => ({
      port: `code/${path}`,
      sha256,
      reference: `code:${path}@sha256:${sha256}`
    })),
    ...(typeof frozen.program === 'string'
      ? [{ port: 'program', sha256: frozen.program, reference: `program:${basename(p.command[0])}@sha256:${frozen.program}` }]
      : [])
  ],
  run
})

/** Variables a program needs to run at all; they hold no data. */
const basic = ['PATH', 'LANG', 'LC_ALL', 'TZ', 'SystemRoot', 'PATHEXT']

async function run(context: StepContext<Parameters>, frozen: Record<string, unknown>): Promise<void> {
  const { parameters: p, inputs, directory, log } = context
  const work = join(directory, 'work')
  await fs.mkdir(work, { recursive: true })
  for (const [name, sha256] of Object.entries((frozen.code ?? {}) as Record<string, string>))
    await place(join(work, name), await fs.readFile(context.objectPath(sha256)))
  for (const [name, text] of Object.entries(p.files)) await place(join(work, name), text)

  const env: Record<string, string> = {
    HOME: work,
    TMPDIR: work,
    DRYDOCK_SEED: String(p.seed),
    DRYDOCK_METRICS: join(directory, 'metrics.jsonl'),
    DRYDOCK_PROGRESS: join(directory, 'progress.jsonl')
  }
  for (const name of basic) if (process.env[name] !== undefined) env[name] = process.env[name]!
  for (const [name, value] of Object.entries(context.environment)) if (value !== undefined) env[name] = value
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

  const metrics = followJsonLines(env.DRYDOCK_METRICS, (line) => {
    if (typeof line.name === 'string' && typeof line.value === 'number')
      context.metric(line.name, line.value, typeof line.step === 'number' ? line.step : 0)
  })
  const progress = followJsonLines(env.DRYDOCK_PROGRESS, (line) =>
    context.progress(
      typeof line.fraction === 'number' ? Math.min(1, Math.max(0, line.fraction)) : null,
      typeof line.message === 'string' ? line.message.slice(0, 500) : ''
    )
  )
  try {
    log(`$ ${p.command.join(' ')}`)
    await execute(context, work, env)
  } finally {
    await Promise.all([metrics.stop(), progress.stop()])
  }
  for (const [index, input] of Object.values(inputs).entries())
    if ((await stateOf(input.path)) !== before[index] && (await sha256File(input.path).catch(() => '')) !== input.sha256)
      throw new WorkbenchError(
        'DIGEST_MISMATCH',
        'The script wrote to one of its input files. Inputs are shared and must not be changed: check the workspace, and let the script write to its outputs only.'
      )

  for (const { port, type, isCsv, path } of outputs) {
    if (type === 'Model') {
      await context.outputFiles(port, await collectModelFiles(port, path))
      continue
    }
    if (!(await fs.lstat(path).catch(() => undefined))?.isFile())
      throw new WorkbenchError(
        'JOB_FAILED',
        `The script ended without writing its output "${port}" to $DRYDOCK_OUTPUT_${port.toUpperCase()}. Look at its log.`
      )
    if (isCsv) {
      const file = context.path(`${port}.arrow`)
      const { rows } = await (
        await context.database()
      ).exportArrow(`SELECT * FROM read_csv(${sqlText(path)}, header = true, auto_detect = true)`, file, { signal: context.signal })
      context.output(port, file, { type, rows })
    } else {
      if (type === 'Report' || type === 'Metrics') await assertJson(port, path)
      context.output(port, path, { type })
    }
  }
}

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
      `The output "${port}" is declared as a report but is not JSON: ${(error as Error).message}. Correct the script, or declare it as a File.`
    )
  }
}

function execute({ parameters: p, signal, log }: StepContext<Parameters>, cwd: string, env: Record<string, string>): Promise<void> {
  return new Promise((resolve, reject) => {
    const hasGroups = process.platform !== 'win32'
    const child = spawn(p.command[0], p.command.slice(1), {
      cwd,
      env,
      detached: hasGroups,
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true
    })
    const kill = (): void => {
      try {
        if (hasGroups && child.pid) process.kill(-child.pid, 'SIGKILL')
        else child.kill('SIGKILL')
      } catch {
        // It ended by itself in the meantime.
      }
    }
    signal.addEventListener('abort', kill, { once: true })
    let tail: string[] = []
    for (const [stream, isError] of [
      [child.stdout, false],
      [child.stderr, true]
    ] as const) {
      let rest = ''
      stream.setEncoding('utf8').on('data', (text: string) => {
        const lines = (rest + text).split(/\r?\n/)
        rest = lines.pop()!.slice(-65_536)
        if (lines.length) log(lines.join('\n'))
        if (isError) tail = [...tail, ...lines].slice(-5)
      })
      stream.on('end', () => {
        if (rest) log(rest)
        if (rest && isError) tail.push(rest)
      })
    }
    child.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        new WorkbenchError(
          'JOB_FAILED',
          error.code === 'ENOENT'
            ? `The program "${p.command[0]}" is not on this computer. Install it, or name another in the step's command.`
            : `"${p.command[0]}" could not be started: ${error.message}.`,
          { cause: error }
        )
      )
    )
    let swept: Promise<unknown> = Promise.resolve()
    child.once('exit', () => {
      // What the program left running must not go on writing to an output that is about to be taken in, nor hold its pipes open.
      swept = killTree(new Set([env[TOKEN_VARIABLE]]), child.pid)
      setTimeout(() => (child.stdout.destroy(), child.stderr.destroy()), 1000).unref()
    })
    child.once('close', (code, by) => {
      signal.removeEventListener('abort', kill)
      void swept.then(() => {
        if (signal.aborted) reject(new WorkbenchError('CANCELLED', 'The step was cancelled.'))
        else if (code === 0) resolve()
        else reject(endedBadly(p.command[0], code, by, tail))
      })
    })
  })
}

function endedBadly(program: string, code: number | null, by: NodeJS.Signals | null, tail: string[]): WorkbenchError {
  const how = by ? `by signal ${by}` : `with exit code ${code}`
  const words = tail.length ? ` Its last words: ${tail.slice(-3).join(' / ').slice(0, 600)}` : ''
  return new WorkbenchError('JOB_FAILED', `"${program}" ended ${how}.${words} Look at the step's log.`, {
    details: { exitCode: code, signal: by }
  })
}
