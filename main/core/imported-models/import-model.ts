import { promises as fs } from 'node:fs'
import { join } from 'node:path'
import type { ImportChoices, ImportedModel } from '../../model/imported-model'
import type { Sha256 } from '../../model/reference'
import { listValues } from '../../model/tasks'
import type { ModelSignature } from '../../model/training'
import { sha256 } from '../../storage/objects/durable-files'
import { columnOf, type Frame } from '../frames'
import { readOnnx } from '../onnx-file'
import { adaptGraph } from './adapt'
import { assignColumns } from './assign-columns'
import { checkModel, type CheckOptions } from './check-model'
import { draftSignature, operatorsOf, orderClasses } from './draft-signature'
import { findScores } from './find-scores'
import { assertOperators } from './known-operators'
import { refuse } from './refuse'
import { settleOutcome } from './settle-outcome'
import { assertSafeFormat } from './unsafe-formats'

export interface ImportRequest extends CheckOptions {
  /** What the file is called where it came from. */
  name: string
  bytes: Uint8Array
  /** Rows to draft and check on, with all columns. */
  frame: Frame
  /** Digest of the table behind it, if it is one of a workspace. */
  table: Sha256 | null
  choices: ImportChoices
  /** Folder that gets model.onnx, signature.json, import.json and, where the graph was adapted, original.onnx. */
  folder: string
}
export interface Imported {
  signature: ModelSignature
  record: ImportedModel
  /** Names of the files in the folder. */
  files: string[]
}

/**
 * Makes a model of this workbench out of an ONNX file of other tools: drafts its signature from graph and rows, lays nodes around the graph
 * where it does not have the inputs and outputs that are agreed on, and runs it on the rows. The folder is only good when this returns.
 * @throws WorkbenchError INVALID_INPUT, naming tensor or column, JOB_TIMEOUT, CANCELLED
 */
export async function importModel(request: ImportRequest): Promise<Imported> {
  const { name, bytes, frame, choices, folder } = request
  assertSafeFormat(bytes, name)
  const file = readOnnx(bytes, name)
  assertOperators(file, name)
  columnOf(frame, choices.target)
  const { slots, from } = assignColumns(file, frame, choices.target, choices.columns)
  const scores = findScores(file, choices.output)
  const outcome = settleOutcome(scores, frame, choices)
  const ordered = orderClasses(outcome, choices.target, choices.event)
  if (outcome.classes && ordered.order.length === 0)
    refuse(
      choices.event === undefined
        ? `It is not plain which of ${listValues(outcome.classes)} is the event whose probability is the score. Say it with "event".`
        : `The event ${JSON.stringify(choices.event)} is none of the classes of the model. Name one of: ${listValues(outcome.classes)}.`,
      { column: choices.target }
    )
  const digest = sha256(bytes)
  const width = scores.width ?? (scores.tensors.length > 1 ? null : (outcome.classes?.length ?? 1))
  const adapted = adaptGraph(bytes, file, slots, { ...scores, width }, outcome, ordered.order, { sha256: digest })
  const signature = draftSignature({ ...file, operators: operatorsOf(file) }, frame, adapted.inputs, outcome, ordered)
  await fs.mkdir(folder, { recursive: true })
  const model = join(folder, 'model.onnx')
  await fs.writeFile(model, adapted.bytes)
  const checked = await checkModel(model, signature, frame, request)
  const record: ImportedModel = {
    schema: 'drydock.imported-model',
    version: 1,
    original: { name, sha256: digest, bytes: bytes.byteLength },
    producer: `${file.producer} ${file.producerVersion}`.trim(),
    operatorSets: file.operatorSets,
    operators: operatorsOf(file),
    task: outcome.task,
    inputs: [...new Set(slots.map(({ input }) => input))].map((input) => {
      const own = slots.filter((slot) => slot.input === input)
      return { input, tensor: own[0]!.element, columns: own.map(({ column }) => column) }
    }),
    from: { columns: from, classes: outcome.classesFrom, scores: outcome.scoresFrom },
    adapted: adapted.changes,
    signature: 'drafted',
    check: { rows: checked.rows, table: request.table },
    warnings: checked.warnings
  }
  await fs.writeFile(join(folder, 'signature.json'), `${JSON.stringify(signature, null, 2)}\n`)
  await fs.writeFile(join(folder, 'import.json'), `${JSON.stringify(record, null, 2)}\n`)
  if (adapted.changes.length > 0) await fs.writeFile(join(folder, 'original.onnx'), bytes)
  const files = ['model.onnx', 'signature.json', 'import.json', ...(adapted.changes.length > 0 ? ['original.onnx'] : [])]
  return { signature, record, files }
}
