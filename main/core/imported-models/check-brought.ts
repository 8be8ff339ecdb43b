import { promises as fs } from 'node:fs'
import { join } from 'node:path'
import type { ImportedModel } from '../../model/imported-model'
import type { Sha256 } from '../../model/reference'
import { listValues, type TargetValue } from '../../model/tasks'
import type { ModelSignature } from '../../model/training'
import { sha256 } from '../../storage/objects/durable-files'
import { columnOf, type Frame } from '../frames'
import { readOnnx } from '../onnx-file'
import { readSignature } from '../training'
import { checkModel, type CheckOptions } from './check-model'
import { operatorsOf } from './draft-signature'
import type { Imported } from './import-model'
import { assertOperators } from './known-operators'
import { listNames, refuse } from './refuse'
import { valuesOf } from './settle-outcome'
import { assertSafeFormat } from './unsafe-formats'

export interface BroughtRequest extends CheckOptions {
  /** Folder with model.onnx and signature.json; it gets import.json. */
  folder: string
  frame: Frame
  table: Sha256 | null
  /** The column that the author says the model predicts. */
  target: string
}

const tasks: Record<string, string> = {
  'binary-classification': 'binary',
  'multiclass-classification': 'multiclass',
  regression: 'regression'
}

/**
 * Holds a signature that came with a model against graph, rows and answers, and records where the model comes from.
 * @throws WorkbenchError INVALID_INPUT, naming tensor or column, JOB_TIMEOUT, CANCELLED
 */
export async function checkBrought(request: BroughtRequest): Promise<Imported> {
  const { folder, frame, table, target } = request
  const path = join(folder, 'model.onnx')
  const bytes = await fs.readFile(path)
  assertSafeFormat(bytes, 'model.onnx')
  const file = readOnnx(bytes, 'model.onnx')
  assertOperators(file, 'model.onnx')
  const signature = await readSignature(path)
  assertColumns(signature, frame, target)
  assertClasses(signature, frame)
  const { rows, warnings } = await checkModel(path, signature, frame, request)
  const classes = classesOf(signature)
  const record: ImportedModel = {
    schema: 'drydock.imported-model',
    version: 1,
    original: { name: 'model.onnx', sha256: sha256(bytes), bytes: bytes.byteLength },
    producer: `${file.producer} ${file.producerVersion}`.trim(),
    operatorSets: file.operatorSets,
    operators: operatorsOf(file),
    task: tasks[signature.task] ?? String(signature.task),
    inputs: signature.inputs.map(({ name, input, tensor }) => ({ input, tensor, columns: [name] })),
    from: { columns: 'as its signature says', classes: classes && 'as its signature says', scores: 'as its signature says' },
    adapted: [],
    signature: 'brought',
    check: { rows, table },
    warnings
  }
  await fs.writeFile(join(folder, 'import.json'), `${JSON.stringify(record, null, 2)}\n`)
  return { signature, record, files: ['model.onnx', 'signature.json', 'import.json'] }
}

function assertColumns({ target: { name }, inputs }: ModelSignature, frame: Frame, target: string): void {
  if (name !== target)
    refuse(`signature.json says that the model predicts "${name}", and the step says "${target}". Correct one of the two.`, {
      column: name
    })
  if (inputs.some((input) => input.name === target))
    refuse(`signature.json lists the target "${target}" among the inputs. A model that reads it only copies it.`, { column: target })
  const missing = inputs.map((input) => input.name).filter((column) => !frame.columns.has(column))
  if (missing.length > 0)
    refuse(
      `signature.json names the ${missing.length === 1 ? 'column' : 'columns'} ${listNames(missing)}, which the rows do not have. They have: ${listNames([...frame.columns.keys()])}. Correct the signature, or connect the rows that the model reads.`,
      { column: missing[0] }
    )
  for (const input of inputs) {
    const { kind } = columnOf(frame, input.name)
    if ((input.tensor === 'string') !== (input.kind === 'category'))
      refuse(
        `signature.json says that "${input.name}" is a ${input.kind} and goes in as ${input.tensor}. Texts go in as string, all else as float or double.`,
        { column: input.name }
      )
    if (input.kind !== kind && (input.kind === 'category' || kind === 'category' || kind === 'timestamp' || input.kind === 'timestamp'))
      refuse(
        `signature.json says that "${input.name}" is a ${input.kind}, and in the rows it is a ${kind}. Correct the signature or the rows.`,
        { column: input.name }
      )
  }
}

/** In no order that means something; null for an amount. */
function classesOf({ task, target }: ModelSignature): TargetValue[] | null {
  if (String(task) === 'regression') return null
  return Object.entries(target).flatMap(([key, value]) => (key === 'name' ? [] : (value as TargetValue | TargetValue[])))
}

function assertClasses(signature: ModelSignature, frame: Frame): void {
  const { name } = signature.target
  const values = valuesOf(frame, name)
  const classes = classesOf(signature)
  if (classes === null) {
    const text = values.find((value) => typeof value !== 'number')
    if (text !== undefined)
      refuse(`signature.json says that the model predicts an amount, and the target "${name}" holds ${JSON.stringify(text)}.`, {
        column: name
      })
    return
  }
  const unknown = values.filter((value) => !classes.some((own) => own === value))
  if (unknown.length > 0)
    refuse(
      `The target "${name}" holds ${listValues(unknown)}, which signature.json does not list as a class. It lists ${listValues(classes)}. Correct the signature, or leave those rows out.`,
      { column: name }
    )
}
