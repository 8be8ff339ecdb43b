import { randomUUID } from 'node:crypto'
import { promises as fs } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, isAbsolute, join } from 'node:path'
import { countOf } from '../../../model/count-of'
import { WorkbenchError } from '../../../model/errors'
import { commandWords, externalScorerSchema, type ExternalScorer } from '../../../model/external-scorer'
import { fit, inOneSentence } from '../../../model/schema-words'
import type { ModelSignature } from '../../../model/training'
import { sha256 } from '../../../storage/objects/durable-files'
import { runProgram, TOKEN_VARIABLE } from '../../confined-programs'
import { ownPeakMemory } from '../../jobs'
import { readScores, writeRows } from './external-table'
import type { ChunkScores, MeasuredTimes, ModelScorer, RawOutput, ScoreInput } from './protocol'

/** A program is started for each batch, so batches are large. */
const rowsAtOnce = 50_000
/** Starts that are timed: each costs what starting the program costs. */
const mostTimed = 5
/** Lines that are kept of what it says, and characters of each. */
const keptLines = 20
const longestLine = 4096
/** Most bytes of what it writes: for each score, and for the line of names and the like. */
const bytesOfScore = 64
const bytesBesides = 1 << 20

/** Whether the file of a model is a scorer.json. An ONNX file never begins so: field 15 of a group does not exist there. */
export async function isExternalScorer(model: string): Promise<boolean> {
  const file = await fs.open(model, 'r').catch(() => undefined)
  if (!file) return false
  const head = Buffer.alloc(1)
  await file.read(head, 0, 1, 0).finally(() => file.close())
  return head[0] === 0x7b
}

/** @throws WorkbenchError INVALID_INPUT, DIGEST_MISMATCH for a file that is another than its digest says */
export async function readExternalScorer(path: string): Promise<ExternalScorer> {
  const refuse = (reason: string): never => {
    throw new WorkbenchError('INVALID_INPUT', `The external scorer is not valid: ${reason}. Take it in again.`)
  }
  let json: unknown
  try {
    json = JSON.parse(await fs.readFile(path, 'utf8'))
  } catch {
    return refuse('it is not JSON')
  }
  const parsed = fit(externalScorerSchema, json)
  if (!parsed.success) return refuse(inOneSentence(parsed.problems))
  for (const file of parsed.data.files) {
    if (isAbsolute(file.path) || file.path.split(/[\\/]/).includes('..')) refuse(`the path "${file.path}" leads out of its folder`)
    if (sha256(bytesOf(file)) !== file.sha256)
      throw new WorkbenchError(
        'DIGEST_MISMATCH',
        `"${file.path}" of the external scorer is another file than its digest says. Nothing was run.`
      )
  }
  return parsed.data
}

const bytesOf = ({ text, base64 }: ExternalScorer['files'][number]): Buffer =>
  text === undefined ? Buffer.from(base64 ?? '', 'base64') : Buffer.from(text, 'utf8')

/**
 * A model that is a program: it is started for each batch, confined as a script step is, in a folder of its own with its frozen code, reads
 * DRYDOCK_INPUT_ROWS and writes DRYDOCK_OUTPUT_SCORES, both CSV. Close it.
 */
export class ExternalModel implements ModelScorer {
  readonly chunkRows = rowsAtOnce
  private last: Promise<unknown> = Promise.resolve()
  private readonly stopped = new AbortController()
  private readonly stop = (): void => this.stopped.abort()

  private constructor(
    private readonly scorer: ExternalScorer,
    private readonly signature: ModelSignature,
    private readonly folder: string,
    private readonly seconds: number,
    private readonly signal?: AbortSignal
  ) {
    signal?.addEventListener('abort', this.stop, { once: true })
  }

  /** @throws WorkbenchError INVALID_INPUT, DIGEST_MISMATCH */
  static async open(path: string, signature: ModelSignature, signal?: AbortSignal, seconds?: number): Promise<ExternalModel> {
    const scorer = await readExternalScorer(path)
    const folder = await fs.mkdtemp(join(tmpdir(), 'drydock-scorer-'))
    await fs.mkdir(join(folder, 'kept-from'))
    return new ExternalModel(scorer, signature, folder, Math.min(seconds ?? scorer.seconds, scorer.seconds), signal)
  }

  score(inputs: ScoreInput[], rows: number): Promise<ChunkScores> {
    return this.inTurn(async () => {
      const { scores: names } = this.scorer
      const values = readScores(await this.runOnce(writeRows(inputs, this.signature, rows), rows), names, rows)
      const width = names.length
      if (String(this.signature.task) === 'regression') return { output: 'prediction', width, scores: values, labels: new Uint16Array(0) }
      return { output: 'probabilities', width, scores: values, labels: labelsOf(values, width, rows) }
    })
  }

  /** The outputs as a graph of the same kind would have them. */
  async run(inputs: ScoreInput[], rows: number): Promise<RawOutput[]> {
    const { output, width, scores, labels } = await this.score(inputs, rows)
    if (output === 'prediction') return [{ name: output, type: 'float32', dimensions: [rows, 1], data: scores }]
    const both =
      width === 1 ? Float64Array.from({ length: 2 * rows }, (_, at) => (at % 2 ? scores[at >> 1]! : 1 - scores[at >> 1]!)) : scores
    return [
      { name: 'label', type: 'int64', dimensions: [rows], data: labels },
      { name: output, type: 'float32', dimensions: [rows, Math.max(2, width)], data: both }
    ]
  }

  async measure(inputs: ScoreInput[], rows: number, calls: number): Promise<MeasuredTimes> {
    const seconds: number[] = []
    const timed = async (own: ScoreInput[], count: number): Promise<number> => {
      const start = performance.now()
      await this.score(own, count)
      return (performance.now() - start) / 1000
    }
    for (let call = 0; call < Math.min(calls, mostTimed); call++) seconds.push(await timed(inputs.map(firstOf), 1))
    seconds.sort((a, b) => a - b)
    const at = (share: number): number => seconds[Math.min(seconds.length - 1, Math.ceil(share * seconds.length) - 1)]!
    const mean = seconds.reduce((sum, value) => sum + value, 0) / seconds.length
    return { calls: seconds.length, p50: at(0.5), p99: at(0.99), mean, batchRows: rows, rowsPerSecond: rows / (await timed(inputs, rows)) }
  }

  /** Of this process alone: the program ends with each batch. */
  peakMemory(): Promise<number> {
    return Promise.resolve(ownPeakMemory())
  }

  async close(): Promise<void> {
    this.signal?.removeEventListener('abort', this.stop)
    this.stop()
    await this.last.catch(() => undefined)
    await fs.rm(this.folder, { recursive: true, force: true })
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const own = this.last.catch(() => undefined).then(work)
    this.last = own
    return own
  }

  private async runOnce(table: string, rows: number): Promise<string> {
    const { command, files } = this.scorer
    const own = join(this.folder, `batch-${randomUUID()}`)
    const work = join(own, 'work')
    await fs.mkdir(work, { recursive: true })
    for (const file of files) {
      await fs.mkdir(dirname(join(work, file.path)), { recursive: true })
      await fs.writeFile(join(work, file.path), bytesOf(file))
    }
    const [input, output] = [join(own, 'rows.csv'), join(own, 'scores.csv')]
    await fs.writeFile(input, table)
    const limit = new AbortController()
    const timer = setTimeout(() => limit.abort(), this.seconds * 1000)
    let said: string[] = []
    try {
      const { PATH, LANG, LC_ALL, TZ, SystemRoot, PATHEXT } = process.env
      const kept = Object.fromEntries(
        Object.entries({ PATH, LANG, LC_ALL, TZ, SystemRoot, PATHEXT }).filter(([, value]) => value !== undefined)
      )
      await runProgram({
        command,
        cwd: work,
        env: {
          ...(kept as Record<string, string>),
          HOME: work,
          TMPDIR: work,
          DRYDOCK_INPUT_ROWS: input,
          DRYDOCK_OUTPUT_SCORES: output,
          [TOKEN_VARIABLE]: `${process.env[TOKEN_VARIABLE] ?? randomUUID()}.scorer`
        },
        hide: (text) => text,
        named: [...command, this.scorer.program?.path ?? ''].filter(isAbsolute),
        own,
        confinement: {
          wanted: process.env.DRYDOCK_CONFINEMENT !== 'none',
          isRequired: false,
          workspace: join(this.folder, 'kept-from'),
          state: () => undefined
        },
        signal: AbortSignal.any([limit.signal, this.stopped.signal]),
        log: (lines) => (said = lastLines(said, lines))
      })
      return await readOutput(output, rows, this.scorer, said)
    } catch (error) {
      if (this.signal?.aborted) throw new WorkbenchError('CANCELLED', 'Scoring was cancelled. Nothing was kept.', { cause: error })
      if (!limit.signal.aborted) throw inItsWords(error, said)
      throw new WorkbenchError(
        'JOB_TIMEOUT',
        `The external scorer "${commandWords(command)}" did not finish a batch of rows in ${this.seconds} seconds, so it was stopped. Mend its code, or give it more seconds when it is taken in.${lastWords(said)}`,
        { cause: error }
      )
    } finally {
      clearTimeout(timer)
      await fs.rm(own, { recursive: true, force: true })
    }
  }
}

/** @throws WorkbenchError JOB_FAILED where there is no file of scores, or one that is too large to be that */
async function readOutput(output: string, rows: number, { command, scores }: ExternalScorer, said: readonly string[]): Promise<string> {
  const about = await fs.lstat(output).catch(() => undefined)
  const refuse = (what: string): WorkbenchError =>
    new WorkbenchError('JOB_FAILED', `The external scorer "${commandWords(command)}" ${what}${lastWords(said)}`)
  if (!about?.isFile()) throw refuse('ended without writing its scores to $DRYDOCK_OUTPUT_SCORES.')
  const most = rows * scores.length * bytesOfScore + bytesBesides
  if (about.size > most)
    throw refuse(
      `wrote ${about.size.toLocaleString('en')} bytes to $DRYDOCK_OUTPUT_SCORES, and ${most.toLocaleString('en')} are more than enough for ${countOf(rows, 'row')}. Nothing of it was read. It must write one line for each row and no other columns than its scores.`
    )
  return fs.readFile(output, 'utf8')
}

/** What it wrote before it ended belongs to the message: there may be no log of a step to look into. */
function inItsWords(error: unknown, said: readonly string[]): unknown {
  if (!(error instanceof WorkbenchError) || !/Look at the step's log\.$/.test(error.message)) return error
  const start = error.message.replace(/ Its last words:.*$/s, '').replace(/ Look at the step's log\.$/, '')
  return new WorkbenchError(error.code, `The external scorer failed: ${start}${lastWords(said)}`, { cause: error, details: error.details })
}

/** What is kept of its words: it may talk without end. */
const lastLines = (said: readonly string[], text: string): string[] =>
  [...said, ...text.split('\n').slice(-keptLines)].slice(-keptLines).map((line) => line.slice(0, longestLine))

const lastWords = (said: readonly string[]): string => {
  const words = said.join('\n').trim().split('\n').join(' / ').slice(-1500)
  return words ? ` Its last words: ${words}` : ''
}

const firstOf = (input: ScoreInput): ScoreInput =>
  input.tensor === 'string'
    ? { ...input, codes: input.codes.slice(0, 1) }
    : input.tensor === 'double'
      ? { ...input, values: input.values.slice(0, 1) }
      : { ...input, values: input.values.slice(0, 1) }

function labelsOf(scores: Float64Array, width: number, rows: number): Uint16Array {
  return Uint16Array.from({ length: rows }, (_, row) => {
    if (width === 1) return scores[row]! >= 0.5 ? 1 : 0
    let best = 0
    for (let at = 1; at < width; at++) if (scores[row * width + at]! > scores[row * width + best]!) best = at
    return best
  })
}

/** @throws WorkbenchError POLICY_DENIED: somebody must have said that the program may run */
export async function assertProgramAllowed(path: string): Promise<never> {
  const { command } = await readExternalScorer(path)
  throw new WorkbenchError(
    'POLICY_DENIED',
    `This model is an external scorer: it starts "${commandWords(command)}". Nothing was run. Where you trust it, score with "drydock score ... --run-program", or put it into a pipeline, which shows its programs before they start.`,
    { details: { command } }
  )
}
