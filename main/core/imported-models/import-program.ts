import { promises as fs } from 'node:fs'
import { join } from 'node:path'
import { commandWords, notPortable, SCORER_FILE, type ExternalScorer } from '../../model/external-scorer'
import type { ImportChoices, ImportedModel } from '../../model/imported-model'
import type { Sha256 } from '../../model/reference'
import { sha256 } from '../../storage/objects/durable-files'
import { columnOf, type Frame } from '../frames'
import { checkModel, type CheckOptions } from './check-model'
import { draftSignature, orderClasses } from './draft-signature'
import type { Imported } from './import-model'
import { listNames, refuse } from './refuse'
import { settleOutcome, valuesOf, type Outcome } from './settle-outcome'

export interface ProgramRequest extends Omit<CheckOptions, 'programs'> {
  /** Program and arguments. */
  command: readonly string[]
  /** What it may take for one batch of rows, seconds. */
  batchSeconds: number
  /** Its frozen code by path, as it lies beside the command. */
  code: Readonly<Record<string, Uint8Array>>
  program: ExternalScorer['program']
  frame: Frame
  table: Sha256 | null
  choices: ImportChoices
  /** Folder that gets scorer.json, signature.json and import.json. */
  folder: string
}

/** Files of code larger than this together are no scorer that one can hand on, bytes. */
const mostBytes = 64 * 1024 * 1024

/**
 * Makes a model out of a program that scores: freezes its code into one file, drafts its signature from the rows and runs it on them. Whoever
 * calls has asked whether the program may start.
 * @throws WorkbenchError INVALID_INPUT, JOB_FAILED, JOB_TIMEOUT, CANCELLED
 */
export async function importProgram(request: ProgramRequest): Promise<Imported> {
  const { command, frame, choices, folder, code } = request
  columnOf(frame, choices.target)
  const columns = columnsOf(frame, choices)
  const outcome = outcomeOf(frame, choices)
  const ordered = orderClasses(outcome, choices.target, choices.event)
  if (outcome.classes && ordered.order.length === 0)
    refuse(`The event ${JSON.stringify(choices.event)} is none of the values of the target "${choices.target}".`, {
      column: choices.target
    })
  const inputs = columns.map((column) => {
    const tensor = columnOf(frame, column).kind === 'category' ? ('string' as const) : ('double' as const)
    return { column, input: column, tensor, isWhole: false }
  })
  const drafted = draftSignature({ producer: '', producerVersion: '', operators: [] }, frame, inputs, outcome, ordered)
  const signature = { ...drafted, algorithm: 'external scorer', notes: [...drafted.notes, notPortable] }
  const scorer: ExternalScorer = {
    schema: 'drydock.external-scorer',
    version: 1,
    command: [...command],
    seconds: request.batchSeconds,
    task: signature.task,
    scores: outcome.classes === null ? ['prediction'] : outcome.classes.length === 2 ? ['score'] : outcome.classes.map(String),
    files: frozen(code),
    program: request.program
  }
  await fs.mkdir(folder, { recursive: true })
  const bytes = `${JSON.stringify(scorer, null, 2)}\n`
  const model = join(folder, SCORER_FILE)
  await fs.writeFile(model, bytes)
  const checked = await checkModel(model, signature, frame, { ...request, programs: 'allowed' })
  const record: ImportedModel = {
    schema: 'drydock.imported-model',
    version: 1,
    original: { name: SCORER_FILE, sha256: sha256(bytes), bytes: Buffer.byteLength(bytes) },
    producer: commandWords(command),
    operatorSets: {},
    operators: [],
    task: outcome.task,
    inputs: inputs.map(({ input, tensor, column }) => ({ input, tensor, columns: [column] })),
    from: {
      columns: choices.columns ? 'as they were listed' : 'all columns but the target',
      classes: outcome.classesFrom,
      scores: 'as the program writes them'
    },
    adapted: [],
    signature: 'drafted',
    check: { rows: checked.rows, table: request.table },
    warnings: checked.warnings,
    external: { command: [...command], files: scorer.files.map(({ path, sha256: digest }) => ({ path, sha256: digest })) }
  }
  await fs.writeFile(join(folder, 'signature.json'), `${JSON.stringify(signature, null, 2)}\n`)
  await fs.writeFile(join(folder, 'import.json'), `${JSON.stringify(record, null, 2)}\n`)
  return { signature, record, files: [SCORER_FILE, 'signature.json', 'import.json'] }
}

function columnsOf(frame: Frame, { columns, target }: ImportChoices): string[] {
  const names = [...frame.columns.keys()]
  const missing = columns?.filter((name) => !names.includes(name)) ?? []
  if (missing.length > 0)
    refuse(`The table has no column ${listNames(missing)}, which the program reads. It has: ${listNames(names)}.`, { column: missing[0] })
  if (columns?.includes(target))
    refuse(`The target "${target}" is among the input columns. A model that reads it only copies it.`, { column: target })
  return columns ?? names.filter((name) => name !== target)
}

/** Its scores have the names of the classes, so only which classes there are is to be known, and whether it predicts an amount. */
function outcomeOf(frame: Frame, choices: ImportChoices): Outcome {
  const values = valuesOf(frame, choices.target)
  const isAmount =
    choices.task === undefined
      ? choices.classes === undefined && values.length > 2 && values.every((value) => typeof value === 'number')
      : choices.task === 'regression'
  const classes = choices.classes ?? values
  const found = { tensors: ['scores'], elements: [], zipMap: null, label: null, classes: null, isNamedLogits: false }
  const outcome = isAmount
    ? settleOutcome({ ...found, width: 1, isClassifier: false }, frame, { ...choices, task: 'regression' })
    : settleOutcome({ ...found, width: classes.length, isClassifier: true }, frame, { ...choices, classes })
  return choices.classes || isAmount ? outcome : { ...outcome, classesFrom: 'as the target has them' }
}

function frozen(code: ProgramRequest['code']): ExternalScorer['files'] {
  const total = Object.values(code).reduce((sum, bytes) => sum + bytes.byteLength, 0)
  if (total > mostBytes)
    refuse(`The code of the scorer has ${Math.ceil(total / 2 ** 20)} MiB; 64 MiB is the most that is frozen with a model.`)
  return Object.entries(code).map(([path, bytes]) => {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
    const isText = Buffer.from(text, 'utf8').equals(bytes)
    return { path, sha256: sha256(bytes), ...(isText ? { text } : { base64: Buffer.from(bytes).toString('base64') }) }
  })
}
