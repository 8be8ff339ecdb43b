import type { Column } from './frame'

export interface Grouping {
  /** Group of every row. */
  codes: Int32Array
  names: string[]
}

const mostDistinctNumbers = 12

/**
 * Groups of a column: texts and truth values as they are, numbers with at most 12 different values likewise, other numbers and points in
 * time by quartile. Rows without a value form a group of their own, whose name no text of the column has.
 */
export function deriveGroups(column: Column): Grouping {
  let missingName = '(missing)'
  if (column.kind === 'category') {
    while (column.categories.includes(missingName)) missingName = `(${missingName})`
    return byKey(column.codes, (code) => (code < 0 ? missingName : column.categories[code]!))
  }
  const { values, kind } = column
  const show = kind === 'timestamp' ? showTime : String
  if (kind === 'boolean') return byKey(values, (value) => (Number.isNaN(value) ? missingName : value === 1 ? 'true' : 'false'))
  const present = values.filter((value) => !Number.isNaN(value)).sort()
  if (distinctUpTo(present, mostDistinctNumbers)) return byKey(values, (value) => (Number.isNaN(value) ? missingName : show(value)))
  const most = present[present.length - 1]!
  const at = (share: number): number => present[Math.floor(share * (present.length - 1))]!
  const cuts = [...new Set([at(0.25), at(0.5), at(0.75)])].filter((cut) => cut < most)
  // Where most rows have the largest value, the rest form the other group.
  if (cuts.length === 0) cuts.push(present[present.indexOf(most) - 1]!)
  const names = cuts.map((cut, index) => (index === 0 ? `up to ${show(cut)}` : `above ${show(cuts[index - 1]!)} to ${show(cut)}`))
  names.push(`above ${show(cuts[cuts.length - 1]!)}`)
  return byKey(values, (value) => {
    if (Number.isNaN(value)) return missingName
    const index = cuts.findIndex((cut) => value <= cut)
    return names[index < 0 ? names.length - 1 : index]!
  })
}

/** Seconds since 1970 as ISO text; as a plain number when no calendar reaches so far. */
function showTime(seconds: number): string {
  const date = new Date(seconds * 1000)
  return Number.isNaN(date.getTime()) ? `${seconds} s` : date.toISOString()
}

function distinctUpTo(sorted: Float64Array, limit: number): boolean {
  let distinct = 0
  for (let i = 0; i < sorted.length; i++) if ((i === 0 || sorted[i] !== sorted[i - 1]) && ++distinct > limit) return false
  return true
}

function byKey(keys: Int32Array | Float64Array, nameOf: (key: number) => string): Grouping {
  const index = new Map<string, number>()
  const known = new Map<number, number>()
  const codes = new Int32Array(keys.length)
  for (let row = 0; row < keys.length; row++) {
    const key = keys[row]!
    let code = known.get(key)
    if (code === undefined) {
      const name = nameOf(key)
      code = index.get(name) ?? index.size
      index.set(name, code)
      known.set(key, code)
    }
    codes[row] = code
  }
  return { codes, names: [...index.keys()] }
}
