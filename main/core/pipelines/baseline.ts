import { TEST_SHARE, tabularPipeline } from '../../../resources/templates/tabular'
import { tabularPolicy } from '../../../resources/templates/tabular-policy'
import type { Baseline, BaselineRequest, BaselineTargets } from '../../model/baseline'
import { whyNoFeature, type ColumnPatch, type DatasetColumn, type DatasetDetail } from '../../model/dataset'
import { WorkbenchError } from '../../model/errors'
import { didYouMean } from '../../model/near-names'
import { quoteName } from '../../model/sql-quoting'
import { mostClasses } from '../../model/objective'
import { usualTask, type TargetValue, type TaskName } from '../../model/tasks'
import type { Datasets } from '../datasets'
import type { Quality } from '../quality'
import { algorithmsFor, algorithmTitle, type Algorithm, type HoldBack } from '../../model/training'
import { binaryTask } from '../tasks'
import { leaksKnown } from './baseline-leaks'
import type { nameOf } from './baseline-name'
import { chosenSplit, type DeclaredColumn } from './column-roles'

/** First models: the documents that lead from a table to one. */
export interface Baselines {
  /**
   * A pipeline and a policy for a first model of a column. Nothing is saved.
   * Throws NOT_FOUND for the dataset, INVALID_INPUT when there is no such column or it does not hold the event that was named.
   */
  baseline(request: BaselineRequest): Promise<Baseline>
  /** What such a model could predict, of the newest version. Throws NOT_FOUND for the dataset. */
  baselineTargets(dataset: string): Promise<BaselineTargets>
}

/** More different values than this are not read: a column that has them is no yes-or-no question, whatever they are. */
const MOST_VALUES = 1000
/** So many a person chooses from. */
const MOST_CHOICES = 20
/** Of a wide or long table only a part is looked at for what has two values; what is not suggested can be chosen all the same. */
const LOOKED_AT = { columns: 200, rows: 100_000 }

export function createBaselines(
  datasets: Pick<Datasets, 'get' | 'sql'>,
  quality: Pick<Quality, 'list' | 'get'>,
  nameFor: (choices: Parameters<typeof nameOf>[0]) => ReturnType<typeof nameOf>
): Baselines {
  return {
    async baseline({ dataset, target, event: asked, task: wanted, algorithm: way, name: given }) {
      const detail = datasets.get(dataset)
      const column = columnNamed(detail, target)
      const { rows } = await datasets.sql(
        `SELECT DISTINCT ${quoteName(target)} FROM ${quoteName(detail.name)} WHERE ${quoteName(target)} IS NOT NULL ORDER BY 1`,
        { limit: MOST_VALUES }
      )
      const values = rows.map(([value]) => valueOf(value, column.type))
      const told =
        wanted === undefined || wanted === 'binary' ? decide(() => binaryTask.eventAmong(target, values, asked), asked) : nothingTold
      const task = wanted ?? (told.event === null ? questionOf(values) : 'binary')
      const algorithm = settleAlgorithm(task, way)
      const { event, doubt } = task === 'binary' ? told : nothingTold
      const columns = rolesMissing(detail, target)
      const declared = patched(detail, columns)
      const dividing = detail.version.columns.filter(({ name: each, role }) => each !== target && (role === 'time' || role === 'group'))
      const features = declared.filter((each) => whyNoFeature(each) === null && !dividing.some(({ name }) => name === each.name))
      const asTold = { dataset: detail.name, target, task, algorithm, event, dividing: dividing.map((each) => each.name) }
      const { name, again } = given === undefined ? await nameFor(asTold) : { name: given, again: null }
      const choices = { ...asTold, name }
      return {
        name,
        dataset: detail.name,
        target,
        task,
        algorithm,
        event,
        doubt,
        values: values.length > MOST_CHOICES ? [] : values,
        again,
        leaks:
          task === 'binary' && event === null
            ? null
            : await leaksKnown(
                detail,
                { task, target: event === null ? { name: target } : usualTask.event.target(target, event, values), features },
                quality
              ),
        heldBack: heldBackOf(chosenSplit(declared), task, target),
        pipeline: tabularPipeline(choices),
        policy: tabularPolicy(choices),
        columns
      }
    },
    async baselineTargets(dataset) {
      const { name, version } = datasets.get(dataset)
      const columns = version.columns.map((column) => ({ name: column.name, type: column.type, role: column.role }))
      const said = columns.find(({ role }) => role === 'target')
      return { columns, suggested: said?.name ?? (await lastOfTwoValues(datasets, name, columns)) }
    }
  }
}

/** As the template has it: classes and amounts are stratified by where rows are held back at random. */
const heldBackOf = (divided: HoldBack, task: TaskName, target: string): Baseline['heldBack'] => ({
  ...{ ...divided, share: TEST_SHARE },
  ...(divided.by === 'random' && task !== 'binary' && { stratify: target })
})

/** @throws WorkbenchError INVALID_INPUT for a trainer that does not answer this kind of question */
function settleAlgorithm(task: TaskName, asked: Algorithm = 'gradient-boosting'): Algorithm {
  const able = algorithmsFor(task)
  if (able.includes(asked)) return asked
  throw new WorkbenchError(
    'INVALID_INPUT',
    `${algorithmTitle(asked)} does not answer this kind of question. Choose ${able.map(algorithmTitle).join(' or ')}.`,
    { details: { task, algorithm: asked } }
  )
}

const nothingTold = { event: null, doubt: null }

/** So many different whole numbers may still be names of classes rather than amounts. */
const MOST_NUMBERED = 20

/** What a target asks whose values are no yes or no: amounts where they are many numbers or broken ones, classes where there are few enough. */
function questionOf(values: readonly TargetValue[]): TaskName {
  if (values.every((value) => typeof value === 'number'))
    return values.length > MOST_NUMBERED || !values.every((value) => Number.isInteger(value)) ? 'regression' : classesOrNot(values)
  return classesOrNot(values)
}

const classesOrNot = ({ length }: readonly TargetValue[]): TaskName => (length > 2 && length <= mostClasses ? 'multiclass' : 'binary')

/** Outcomes mostly stand last in a table, and a column of yes and no rather than one that has two values by chance. */
async function lastOfTwoValues(
  datasets: Pick<Datasets, 'sql'>,
  table: string,
  columns: readonly Pick<DatasetColumn, 'name' | 'type' | 'role'>[]
): Promise<string | null> {
  const likely = columns.filter(({ role, type }) => role === 'feature' && /BOOL|VARCHAR|INT|ENUM/.test(type)).slice(-LOOKED_AT.columns)
  if (likely.length === 0) return null
  const counts = likely.map(({ name }) => `count(DISTINCT ${quoteName(name)})`).join(', ')
  const { rows } = await datasets.sql(`SELECT ${counts} FROM (SELECT * FROM ${quoteName(table)} LIMIT ${LOOKED_AT.rows})`)
  const found = likely.filter((_, index) => Number(rows[0]?.[index]) === 2)
  return (found.findLast(({ type }) => type === 'BOOLEAN') ?? found.at(-1))?.name ?? null
}

const isNumeric = (type: string): boolean => /INT|DOUBLE|FLOAT|DECIMAL/.test(type)
/** An event that nobody named may stay open; one that was named must be there. */
function decide(event: () => TargetValue, asked: TargetValue | undefined): { event: TargetValue | null; doubt: string | null } {
  try {
    return { event: event(), doubt: null }
  } catch (error) {
    if (asked !== undefined || !(error instanceof WorkbenchError)) throw error
    return { event: null, doubt: error.message }
  }
}

/** Whole numbers of 64 bits and exact fractions come as text. */
const valueOf = (value: unknown, type: string): TargetValue =>
  typeof value === 'boolean' || typeof value === 'number' ? value : isNumeric(type) ? Number(value) : String(value)

function columnNamed({ name, version }: DatasetDetail, target: string): DatasetDetail['version']['columns'][number] {
  const found = version.columns.find((each) => each.name === target)
  if (found) return found
  const names = version.columns.map((each) => each.name)
  throw new WorkbenchError(
    'INVALID_INPUT',
    `"${name}" has no column "${target}" to predict. It has ${names.slice(0, 20).join(', ')}${names.length > 20 ? ' and more' : ''}.${didYouMean(target, names)} Name one of these.`,
    { details: { column: target, columns: names.slice(0, 200) } }
  )
}

/** What Data will say of the columns once the baseline has given them the roles that it counts on. */
const patched = ({ name: dataset, version }: DatasetDetail, patches: readonly ColumnPatch[]): DeclaredColumn[] =>
  version.columns.map((column) => ({ dataset, ...column, ...patches.find(({ name }) => name === column.name) }))

/** The target gets its role; another column that has it so far is no target of this model and known only afterwards, as outcomes are. */
const rolesMissing = ({ version }: DatasetDetail, target: string): ColumnPatch[] =>
  version.columns.flatMap(({ name, role, knownWhen }): ColumnPatch[] => {
    if (name === target) return role === 'target' && knownWhen === 'after' ? [] : [{ name, role: 'target', knownWhen: 'after' }]
    return role === 'target' ? [{ name, role: 'ignored' }] : []
  })
