import { countOf } from '../../../model/count-of'
import { WorkbenchError } from '../../../model/errors'
import { listValues as show, type TargetValue } from '../../../model/tasks'
import { mostClasses } from '../../../model/objective'
import { fewestClasses, inClassOrder } from '../../../model/tasks/multiclass'
import { columnOf, type Column, type Frame } from '../../frames'
import { readSampleWeights } from '../sample-weights'

/** The class of every row that has one: `rows` are the row numbers, `labels` the place of the class among `classes`. */
export interface ClassTarget {
  rows: Uint32Array
  labels: Uint16Array
  /** What each row counts; none where all count the same. */
  weights: Float64Array | null
  classes: TargetValue[]
  /** Rows of each class. */
  counts: number[]
  withoutTarget: number
  /** Values that are no class of the model, with their rows, most frequent first; only where the classes were given. */
  unseen: { value: TargetValue; count: number }[]
}

/** What a model knows of its target: the column, and the classes in the order of labels and probabilities. */
export interface LearnedClasses {
  name: string
  classes: TargetValue[]
}

/** The classes that a model knows, in the order of its labels. */
export interface ClassChoice {
  classes?: readonly TargetValue[]
  /** Column with what each row counts. */
  weight?: string
}

/** A class with fewer rows than this can hardly be learned, and less be judged. */
const handful = 10

/**
 * Turns a column into classes: texts by code units, whole numbers by size, or the given ones. Rows without a value are left out and
 * counted, as are those whose value is none of the given classes.
 * @throws WorkbenchError INVALID_INPUT when no row has a value, the values are no 3 to 200 classes, or a weight cannot be one
 */
export function deriveClasses(frame: Frame, name: string, { classes: given, weight }: ClassChoice = {}): ClassTarget {
  const column = columnOf(frame, name)
  const found = countValues(column, name, frame.rows)
  const classes = given ? [...given] : inClassOrder([...found.keys()].map((key) => valueOf(column, key)))
  if (!given) assertClasses(name, classes)
  const places = placesOf(column, classes, [...found.keys()])
  const unseen = [...found].filter(([key]) => !places.has(key)).map(([key, count]) => ({ value: valueOf(column, key), count }))
  const raw = column.kind === 'category' ? column.codes : column.values
  const present = [...found].reduce((sum, [key, count]) => sum + (places.has(key) ? count : 0), 0)
  const rows = new Uint32Array(present)
  const labels = new Uint16Array(present)
  const counts = classes.map(() => 0)
  let at = 0
  for (let row = 0; row < frame.rows; row++) {
    const place = places.get(raw[row]!)
    if (place === undefined) continue
    rows[at] = row
    labels[at++] = place
    counts[place]!++
  }
  const withValue = [...found.values()].reduce((sum, count) => sum + count, 0)
  return {
    ...{ rows, labels, classes, counts },
    weights: weight === undefined ? null : readSampleWeights(frame, weight, rows),
    withoutTarget: frame.rows - withValue,
    unseen: unseen.sort((a, b) => b.count - a.count)
  }
}

const valueOf = (column: Column, key: number): TargetValue =>
  column.kind === 'category' ? column.categories[key]! : column.kind === 'boolean' ? key === 1 : key

/** How many rows have each different value, by code or number. */
function countValues(column: Column, name: string, rows: number): Map<number, number> {
  if (column.kind === 'timestamp') throw unfit(name, 'is a point in time, which has no classes. Choose another column.')
  const counts = new Map<number, number>()
  const raw = column.kind === 'category' ? column.codes : column.values
  for (let row = 0; row < rows; row++) {
    const key = raw[row]!
    if (column.kind === 'category' ? key >= 0 : !Number.isNaN(key)) counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  if (counts.size === 0) throw unfit(name, `has no value in any of ${rows} rows. Choose another column or table.`, { rows })
  return counts
}

/**
 * Whether the different values of a column can be the classes of a model.
 * @throws WorkbenchError INVALID_INPUT with the column, the cause and what to do
 */
export function assertClasses(name: string, values: readonly TargetValue[]): void {
  const details = { values: values.slice(0, 50), classes: values.length }
  const broken = values.find((value) => typeof value === 'number' && !Number.isInteger(value))
  if (broken !== undefined)
    throw unfit(
      name,
      `has the value ${String(broken)}, which is no whole number: it is an amount, not a class. Predict it as a number (task "regression"), or make classes of it in an SQL step.`,
      details
    )
  if (values.length > mostClasses)
    throw unfit(
      name,
      `has ${values.length.toLocaleString('en-US')} different values, more than the ${mostClasses} classes that a model can tell apart. ${typeof values[0] === 'number' ? 'Predict it as a number (task "regression"), or put' : 'Put'} rare or similar values together in an SQL step.`,
      details
    )
  if (values.length === 2)
    throw unfit(name, `has two values: ${show(values)}. That is a question of yes or no: choose the task "binary".`, details)
  if (values.length < fewestClasses)
    throw unfit(
      name,
      `has the same value in every row (${show(values)}), so there is nothing to tell apart. Choose another column, or bring rows of other classes.`,
      details
    )
}

const unfit = (column: string, why: string, details: Record<string, unknown> = {}): WorkbenchError =>
  new WorkbenchError('INVALID_INPUT', `The target "${column}" ${why}`, { details: { column, ...details } })

/** Place among the classes of each value that is one; a truth value or number may come as text, and the other way round. */
function placesOf(column: Column, classes: readonly TargetValue[], keys: readonly number[]): Map<number, number> {
  const alike = (value: TargetValue): string => {
    if (typeof value === 'string' && (value.trim() === '' || !Number.isFinite(Number(value)))) return value
    return typeof value === 'boolean' ? String(value) : String(Number(value))
  }
  const exact = new Map(classes.map((value, place) => [String(value), place]))
  const similar = new Map(classes.map((value, place) => [alike(value), place]))
  const places = new Map<number, number>()
  for (const key of keys) {
    const value = valueOf(column, key)
    const place = exact.get(String(value)) ?? similar.get(alike(value))
    if (place !== undefined) places.set(key, place)
  }
  return places
}

/** How many rows have which class, as documents write it. */
export function countClasses({ counts, labels, weights }: ClassTarget): {
  classes: number[]
  weights?: number[]
} {
  if (!weights) return { classes: [...counts] }
  const sums = counts.map(() => 0)
  for (let row = 0; row < labels.length; row++) sums[labels[row]!]! += weights[row]!
  return { classes: [...counts], weights: sums }
}

/** What a signature says of the outcome: which task it is, what was learned, and what label and probabilities mean. */
export function describeClasses(name: string, { classes }: ClassTarget) {
  const listed = classes.slice(0, 10).map((value, index) => `${index}: ${JSON.stringify(value)}`)
  return {
    task: 'multiclass-classification' as const,
    target: { name, classes: [...classes] },
    label: `number of the likeliest class of ${name} in target.classes (${listed.join(', ')}${classes.length > 10 ? ', and so on' : ''})`,
    probability: 'probability of each class, in the order of target.classes'
  }
}

/**
 * Whether a model can be fitted to the rows: each class that it shall know needs one.
 * @throws WorkbenchError INVALID_INPUT with the classes that have none
 */
export function assertTrainable(name: string, { classes, counts, labels }: ClassTarget): void {
  const without = classes.filter((_, place) => counts[place] === 0)
  if (without.length === 0) return
  throw new WorkbenchError(
    'INVALID_INPUT',
    `None of ${labels.length} rows has the target "${name}" ${show(without)}, so the model could not learn ${without.length === 1 ? 'it' : 'them'}. Bring rows of ${without.length === 1 ? 'this class' : 'these classes'}, or split stratified by the target.`,
    { details: { column: name, classes: without.slice(0, 50) } }
  )
}

/** What a trainer should know of the classes it was given: rows left out, and classes with hardly any row. */
export function trainingWarnings(name: string, target: ClassTarget): string[] {
  const rare = target.classes.flatMap((value, place) => (target.counts[place]! < handful ? [{ value, count: target.counts[place]! }] : []))
  if (rare.length === 0) return missingWarning(name, target)
  const list = rare
    .slice(0, 10)
    .map(({ value, count }) => `${show([value])} (${count})`)
    .join(', ')
  return [
    ...missingWarning(name, target),
    `The target "${name}" has ${rare.length === 1 ? 'a class' : `${rare.length} classes`} with fewer than ${handful} rows: ${list}${rare.length > 10 ? ' and more' : ''}. Expect ${rare.length === 1 ? 'it' : 'them'} to be found badly; bring more rows, or put rare classes together in an SQL step.`
  ]
}

/** Says how many rows were left out for want of a class. */
export function missingWarning(name: string, { withoutTarget }: Pick<ClassTarget, 'withoutTarget'>): string[] {
  if (withoutTarget === 0) return []
  const [have, were] = withoutTarget === 1 ? ['has', 'was'] : ['have', 'were']
  return [`${countOf(withoutTarget, 'row')} ${have} no value in the target "${name}" and ${were} left out.`]
}

/**
 * Says which classes of the judged rows training did not see; such rows have no probability and are left out.
 * @throws WorkbenchError INVALID_INPUT when it saw none of them: the column means something else
 */
export function unseenWarning(name: string, { unseen, labels, classes }: ClassTarget): string[] {
  if (unseen.length === 0) return []
  const values = unseen.map(({ value }) => value)
  if (labels.length === 0)
    throw new WorkbenchError(
      'INVALID_INPUT',
      `The target "${name}" has none of the classes that the model learned (${show(classes)}). It has: ${show(values)}. Choose the column with the same classes, or write them alike in a step before.`,
      { details: { column: name, values: values.slice(0, 50) } }
    )
  const rows = unseen.reduce((sum, { count }) => sum + count, 0)
  return [
    `The target "${name}" has classes that training did not see: ${show(values)}. The model has no probability for them, so ${countOf(rows, 'row')} ${rows === 1 ? 'was' : 'were'} left out of every figure; it decides wrongly for all such rows. Train again with rows of these classes.`
  ]
}
