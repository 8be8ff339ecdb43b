/** A column that SQL reads, with its unit if it has one. */
export interface MeasuredColumn {
  name: string
  unit: string | null
}

/** A node of the engine's own parse tree. */
type Node = Readonly<Record<string, unknown>>
/** What stands behind FROM under one name; undefined columns are not known. */
interface Relation {
  alias: string
  columns: readonly MeasuredColumn[] | undefined
}
type Tables = ReadonlyMap<string, readonly MeasuredColumn[]>

/** Functions whose result is measured as their first argument is. */
const keeping = new Set(
  'min max sum avg mean median mode first last any_value arbitrary quantile quantile_cont quantile_disc approx_quantile stddev stddev_samp stddev_pop mad abs round floor ceil trunc lag lead first_value last_value nth_value coalesce ifnull greatest least'.split(
    ' '
  )
)

/**
 * The unit of each of `count` columns of an answer: that of the column of a dataset that it repeats or gathers (`max(delay)`), undefined for
 * what is calculated otherwise. `tables` are the datasets by name in lower case; `statement` is the parsed text.
 */
export function answerUnits(statement: unknown, tables: Tables, count: number): (string | undefined)[] {
  const columns = outputOf((statement as Node)?.node as Node | undefined, tables)
  // A list of another length was not followed to its end, and a unit at the wrong place is worse than none.
  return Array.from({ length: count }, (_, i) => (columns?.length === count ? (columns[i].unit ?? undefined) : undefined))
}

const nodes = (value: unknown): Node[] => (Array.isArray(value) ? (value as Node[]) : [])
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

function outputOf(node: Node | undefined, outer: Tables): MeasuredColumn[] | undefined {
  if (!node) return undefined
  const tables = new Map(outer)
  for (const { key, value } of nodes((node.cte_map as Node | undefined)?.map)) {
    const output = outputOf(((value as Node).query as Node | undefined)?.node as Node | undefined, tables)
    tables.delete(textOf(key).toLowerCase())
    if (output) tables.set(textOf(key).toLowerCase(), output)
  }
  if (node.type === 'SET_OPERATION_NODE') return commonOutput(outputOf(node.left as Node, tables), outputOf(node.right as Node, tables))
  if (node.type !== 'SELECT_NODE') return undefined
  const relations = relationsOf(node.from_table as Node | undefined, tables)
  const output: MeasuredColumn[] = []
  for (const item of nodes(node.select_list)) {
    const part = item.class === 'STAR' ? starOf(item, relations) : [{ name: nameOf(item), unit: unitOf(item, relations) }]
    if (!part) return undefined
    output.push(...part)
  }
  return output
}

/** Rows of both go into one column, so only a unit that both have is its unit. */
function commonOutput(left: MeasuredColumn[] | undefined, right: MeasuredColumn[] | undefined): MeasuredColumn[] | undefined {
  if (!left || left.length !== right?.length) return undefined
  return left.map(({ name, unit }, i) => ({ name, unit: unit === right[i].unit ? unit : null }))
}

function relationsOf(from: Node | undefined, tables: Tables): Relation[] {
  const alias = textOf(from?.alias).toLowerCase()
  switch (from?.type) {
    case 'BASE_TABLE': {
      const name = textOf(from.table_name).toLowerCase()
      return [{ alias: alias || name, columns: hasRenames(from) ? undefined : tables.get(name) }]
    }
    case 'SUBQUERY': {
      const output = outputOf((from.subquery as Node | undefined)?.node as Node | undefined, tables)
      return [{ alias, columns: hasRenames(from) ? undefined : output }]
    }
    case 'JOIN': {
      const both = [...relationsOf(from.left as Node, tables), ...relationsOf(from.right as Node, tables)]
      // Columns of USING appear once, so places are not known.
      const isPlain = nodes(from.using_columns).length === 0 && (from.ref_type === 'REGULAR' || from.ref_type === 'CROSS')
      return isPlain ? both : [...both, { alias: '', columns: undefined }]
    }
    case 'EMPTY':
      return []
    default:
      return [{ alias, columns: undefined }]
  }
}

const hasRenames = (from: Node): boolean => nodes(from.column_name_alias).length > 0

function starOf(item: Node, relations: readonly Relation[]): MeasuredColumn[] | undefined {
  const wanted = textOf(item.relation_name).toLowerCase()
  const isPlain = ['exclude_list', 'replace_list', 'rename_list', 'qualified_exclude_list'].every((key) => isNothing(item[key]))
  if (!isPlain || item.columns === true || !isNothing(item.expr)) return undefined
  const named = wanted ? relations.filter(({ alias }) => alias === wanted) : relations
  if (named.length === 0 || named.some(({ columns }) => !columns)) return undefined
  return named.flatMap(({ columns }) => [...columns!])
}

const isNothing = (value: unknown): boolean =>
  value === null ||
  value === undefined ||
  (Array.isArray(value) ? value.length === 0 : typeof value === 'object' && Object.keys(value).length === 0)

const nameOf = (item: Node): string => textOf(item.alias) || (nodes(item.column_names).at(-1) as unknown as string | undefined) || ''

function unitOf(expression: Node, relations: readonly Relation[]): string | null {
  const children = nodes(expression.children)
  switch (expression.class) {
    case 'COLUMN_REF':
      return unitOfColumn(expression.column_names as string[], relations)
    case 'CAST':
      return unitOf(expression.child as Node, relations)
    case 'FUNCTION':
    case 'WINDOW': {
      const name = textOf(expression.function_name).toLowerCase()
      const isSum = (name === '+' || name === '-') && children.length === 2
      if (!isSum) return keeping.has(name) && children.length > 0 ? unitOf(children[0], relations) : null
      const [left, right] = children.map((child) => (child.class === 'CONSTANT' ? undefined : unitOf(child, relations)))
      return left === undefined || right === undefined || left === right ? (left ?? right ?? null) : null
    }
    default:
      return null
  }
}

function unitOfColumn(path: readonly string[], relations: readonly Relation[]): string | null {
  const [name, alias] = [path.at(-1)!.toLowerCase(), path.at(-2)?.toLowerCase()]
  const named = alias === undefined ? relations : relations.filter((relation) => relation.alias === alias)
  if (alias === undefined && named.some(({ columns }) => !columns)) return null
  const found = named.flatMap(({ columns = [] }) => columns.filter((column) => column.name.toLowerCase() === name))
  return found.length > 0 && found.every(({ unit }) => unit === found[0].unit) ? found[0].unit : null
}
