/** A column for pairwise figures: its values, NaN where missing, and the place of each among the different values (-1 where missing). */
export interface CodedColumn {
  values: Float64Array
  codes: Int32Array
  distinct: number
  hasGaps: boolean
}

/** Numbers every row of a column by the order of its different values; `sorted` holds the values ascending without NaN. */
export function codeColumn(values: Float64Array, sorted: Float64Array): CodedColumn {
  const different = new Float64Array(sorted.length)
  let distinct = 0
  for (let i = 0; i < sorted.length; i++) if (i === 0 || sorted[i] !== sorted[i - 1]) different[distinct++] = sorted[i]!
  const codes = new Int32Array(values.length)
  for (let row = 0; row < values.length; row++) codes[row] = values[row] === values[row] ? placeOf(different, distinct, values[row]!) : -1
  return { values, codes, distinct, hasGaps: sorted.length < values.length }
}

function placeOf(different: Float64Array, count: number, value: number): number {
  let [low, high] = [0, count - 1]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (different[middle]! < value) low = middle + 1
    else high = middle
  }
  return low
}

/** Pearson's r of two equally long arrays without gaps; undefined where one is constant or they have fewer than two values. */
export function pearson(x: Float64Array, y: Float64Array): number | undefined {
  const n = x.length
  let [sumX, sumY] = [0, 0]
  for (let i = 0; i < n; i++) {
    sumX += x[i]!
    sumY += y[i]!
  }
  const [meanX, meanY] = [sumX / n, sumY / n]
  let [xx, yy, xy] = [0, 0, 0]
  for (let i = 0; i < n; i++) {
    const [dx, dy] = [x[i]! - meanX, y[i]! - meanY]
    xx += dx * dx
    yy += dy * dy
    xy += dx * dy
  }
  // One root where it can be: of equal sums it is exact, so that a full correlation is 1 and not almost 1.
  const product = xx * yy
  const r = xy / (product > 0 && product < Infinity ? Math.sqrt(product) : Math.sqrt(xx) * Math.sqrt(yy))
  return xx > 0 && yy > 0 && Number.isFinite(r) ? Math.max(-1, Math.min(1, r)) : undefined
}

/** Mean ranks (ties share theirs) of the rows given, counted among these rows alone. */
export function meanRanks({ codes, distinct }: Pick<CodedColumn, 'codes' | 'distinct'>, rows?: Int32Array): Float64Array {
  const n = rows?.length ?? codes.length
  const ranks = new Float64Array(distinct)
  for (let i = 0; i < n; i++) ranks[codes[rows ? rows[i]! : i]!]!++
  let before = 0
  for (let code = 0; code < distinct; code++) {
    const count = ranks[code]!
    ranks[code] = before + (count + 1) / 2
    before += count
  }
  const of = new Float64Array(n)
  for (let i = 0; i < n; i++) of[i] = ranks[codes[rows ? rows[i]! : i]!]!
  return of
}

/** The rows in which both columns have a value; undefined when these are all rows. */
export function completeRows(a: Pick<CodedColumn, 'codes' | 'hasGaps'>, b: Pick<CodedColumn, 'codes' | 'hasGaps'>): Int32Array | undefined {
  if (!a.hasGaps && !b.hasGaps) return undefined
  const rows = new Int32Array(a.codes.length)
  let count = 0
  for (let row = 0; row < rows.length; row++) if (a.codes[row]! >= 0 && b.codes[row]! >= 0) rows[count++] = row
  return rows.subarray(0, count)
}

function pick(values: Float64Array, rows: Int32Array): Float64Array {
  const picked = new Float64Array(rows.length)
  for (let i = 0; i < rows.length; i++) picked[i] = values[rows[i]!]!
  return picked
}

export interface Correlation {
  pearson: number
  spearman: number
  rows: number
}

/** Correlations of pairs of columns, each over the rows in which both have a value; ranks are taken among these rows. */
export function createCorrelation(): (a: CodedColumn, b: CodedColumn) => Correlation | undefined {
  const wholeRanks = new Map<CodedColumn, Float64Array>()
  const ranksOf = (column: CodedColumn): Float64Array => {
    const known = wholeRanks.get(column) ?? meanRanks(column)
    wholeRanks.set(column, known)
    return known
  }
  return (a, b) => {
    const rows = completeRows(a, b)
    const r = rows ? pearson(pick(a.values, rows), pick(b.values, rows)) : pearson(a.values, b.values)
    const rho = rows ? pearson(meanRanks(a, rows), meanRanks(b, rows)) : pearson(ranksOf(a), ranksOf(b))
    return r === undefined || rho === undefined ? undefined : { pearson: r, spearman: rho, rows: rows?.length ?? a.values.length }
  }
}
