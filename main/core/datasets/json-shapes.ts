import { cellText, type JsonObject, kindAt, readList, readObject, type Span } from './json-text'

/** One row: cells by the names of their columns. */
export type JsonRow = { members: Map<string, Span>; twice?: string }

/** What one JSON object that is the whole file turned out to be. */
export type JsonShape =
  | { rows: Iterable<JsonRow>; note?: string }
  /** What it is, and what to do. */
  | { refusal: string }

const isRowLabel = (key: string): boolean => /^(0|-?[1-9][0-9]*)$/.test(key)

/**
 * The rows of a file that holds one object: a table as pandas writes it (split, index, columns, table), an object of equally long lists, an
 * object around one list of rows, or a single row. Throws NotJson.
 */
export function shapeOf(text: string, object: JsonObject): JsonShape {
  const members = [...object.members]
  const kinds = new Set(members.map(([, span]) => kindAt(text, span[0])))
  const split = splitTable(text, object.members)
  if (split) return split
  if (members.length > 0 && kinds.size === 1 && kinds.has('list')) {
    const lists = members.map(([key, span]) => ({ key, items: readList(text, span[0]) }))
    const isPlain = lists.every(({ items }) => items.every(([start]) => kindAt(text, start) !== 'object' && kindAt(text, start) !== 'list'))
    if (isPlain && lists[0].items.length > 0 && lists.every(({ items }) => items.length === lists[0].items.length))
      return { rows: transposed(lists), note: 'The file is an object of lists of equal length: each is a column.' }
  }
  const wrapped = wrapper(text, members)
  if (wrapped) return wrapped
  if (members.length > 0 && kinds.size === 1 && kinds.has('object')) return labelled(text, members)
  return { rows: [object] }
}

/** `{"columns": [...], "data": [[...], ...]}`, with row labels in `index` or without. */
function splitTable(text: string, members: JsonObject['members']): JsonShape | undefined {
  const [columns, data, index] = ['columns', 'data', 'index'].map((key) => members.get(key))
  if (!columns || !data || kindAt(text, columns[0]) !== 'list' || kindAt(text, data[0]) !== 'list') return undefined
  const rows = readList(text, data[0])
  if (rows.length === 0 || rows.some(([start]) => kindAt(text, start) !== 'list')) return undefined
  const names = readList(text, columns[0]).map((span, at) => cellText(text, span) ?? `column_${at + 1}`)
  const labels = index && kindAt(text, index[0]) === 'list' ? readList(text, index[0]) : []
  const hasLabels =
    labels.length === rows.length && labels.some((label, at) => cellText(text, label) !== String(at)) && !names.includes('index')
  const cells = rows.map(([start]) => readList(text, start))
  const wrong = cells.findIndex((row) => row.length !== names.length)
  if (wrong >= 0)
    return {
      refusal: `names ${names.length} columns, but row ${wrong + 1} of its data has ${cells[wrong].length} values. Write the table again, as a list of objects if you can.`
    }
  return {
    rows: cells.map((row, at) => ({
      members: new Map([...(hasLabels ? ([['index', labels[at]]] as const) : []), ...row.map((span, i) => [names[i], span] as const)])
    })),
    note: `The file keeps names and rows apart (columns, data${hasLabels ? '; the labels in its index are the column "index"' : ''}).`
  }
}

function* transposed(lists: readonly { key: string; items: readonly Span[] }[]): Generator<JsonRow> {
  for (let at = 0; at < lists[0].items.length; at++) yield { members: new Map(lists.map(({ key, items }) => [key, items[at]])) }
}

/** An object around the rows: one list of objects among whatever else it says. */
function wrapper(text: string, members: readonly (readonly [string, Span])[]): JsonShape | undefined {
  const lists = members.flatMap(([key, span]) => {
    const items = kindAt(text, span[0]) === 'list' ? readList(text, span[0]) : []
    return items.length > 0 && items.every(([start]) => kindAt(text, start) === 'object') ? [{ key, items }] : []
  })
  const [only, other] = lists
  if (!only) return undefined
  if (other)
    return {
      refusal: `holds ${lists.length} lists of rows (${lists.map(({ key }) => `"${key}"`).join(', ')}), so which is the table is not known. Write the one you want to a file of its own.`
    }
  const rest = members.filter(([key]) => key !== only.key).map(([key]) => `"${key}"`)
  return {
    rows: only.items.map(([start]) => readObject(text, start)),
    note: `The rows are the list "${only.key}" of the object that the file holds${rest.length > 0 ? `; ${rest.slice(0, 10).join(', ')} beside it ${rest.length === 1 ? 'is' : 'are'} left out` : ''}.`
  }
}

/** An object of objects: rows by their labels, or columns of values by the labels of the rows. Numbers are labels of rows. */
function labelled(text: string, members: readonly (readonly [string, Span])[]): JsonShape {
  const parts = members.map(([key, [start]]) => ({ key, ...readObject(text, start) }))
  const inner = new Set(parts.flatMap(({ members: each }) => [...each.keys()]))
  const isOuterLabel = members.every(([key]) => isRowLabel(key))
  const isInnerLabel = inner.size > 0 && [...inner].every(isRowLabel)
  if (isInnerLabel && !isOuterLabel)
    return { rows: byColumn(parts, inner), note: 'The file is an object of columns, each with its values by the numbers of the rows.' }
  if (isOuterLabel && !isInnerLabel) {
    const isCounted = members.every(([key], at) => key === String(at))
    const rows = parts.map(({ key, members: cells, twice }) => {
      const label = members.find(([name]) => name === key)![1][0]
      return { members: isCounted || inner.has('index') ? cells : new Map([['index', labelSpan(text, label, key)], ...cells]), twice }
    })
    return { rows, note: `The file is an object of rows by their numbers${isCounted ? '' : ', which are the column "index"'}.` }
  }
  const isRectangle = parts.length > 1 && parts.every(({ members: cells }) => cells.size === inner.size)
  if (isRectangle)
    return {
      refusal:
        'is an object of objects, which can be rows by their names or columns by theirs. Write it as a list of objects, one for each row, with the name as a value.'
    }
  return { rows: [{ members: new Map(members) }] }
}

/** Where a key stands, without its quotes: before the value, behind nothing but a colon and blanks. */
function labelSpan(text: string, value: number, key: string): Span {
  const start = text.lastIndexOf(`"${key}"`, value) + 1
  return [start, start + key.length]
}

function* byColumn(columns: readonly ({ key: string } & JsonObject)[], labels: ReadonlySet<string>): Generator<JsonRow> {
  for (const label of labels)
    yield {
      members: new Map(
        columns.flatMap(({ key, members }) => {
          const span = members.get(label)
          return span ? [[key, span] as const] : []
        })
      )
    }
}
