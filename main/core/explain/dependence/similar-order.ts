import { columnOf, type Column, type Frame } from '../../frames'

/**
 * An order of texts in which neighbours have rows that are alike in the other columns, as Apley and Zhu (2020, supplement E) build it: the sum over
 * the other columns of a distance of the distributions (largest difference of the shares up to a value; half the sum of the differences of the
 * shares of texts), laid out on a line by classical scaling. The end that comes first in the alphabet stands first.
 * @param codes place of each row in `texts`, -1 for rows that do not count
 */
export function similarOrder(frame: Frame, others: readonly string[], texts: readonly string[], codes: Int32Array): string[] {
  if (texts.length < 3) return [...texts].sort()
  const distances = texts.map(() => new Float64Array(texts.length))
  for (const name of others) addDistances(columnOf(frame, name), codes, distances)
  const place = onLine(distances)
  const order = texts.map((text, at) => ({ text, at: place[at]! })).sort((a, b) => a.at - b.at || (a.text < b.text ? -1 : 1))
  const sorted = order.map(({ text }) => text)
  return sorted[0]! < sorted.at(-1)! ? sorted : sorted.reverse()
}

function addDistances(column: Column, codes: Int32Array, into: readonly Float64Array[]): void {
  const shares = column.kind === 'category' ? textShares(column.codes, codes, into.length) : cumulative(column.values, codes, into.length)
  for (let a = 0; a < into.length; a++)
    for (let b = 0; b < a; b++) {
      let sum = 0
      let most = 0
      for (let at = 0; at < shares[a]!.length; at++) {
        const apart = Math.abs(shares[a]![at]! - shares[b]![at]!)
        sum += apart
        if (apart > most) most = apart
      }
      const distance = column.kind === 'category' ? sum / 2 : most
      into[a]![b]! += distance
      into[b]![a]! += distance
    }
}

/** For each text the share of its rows with each text of another column; missing is one of them. */
function textShares(other: Int32Array, codes: Int32Array, texts: number): Float64Array[] {
  const width = other.reduce((most, code) => Math.max(most, code), -1) + 2
  const shares = Array.from({ length: texts }, () => new Float64Array(width))
  codes.forEach((code, row) => code >= 0 && shares[code]![other[row]! + 1]!++)
  return shares.map((own) => scaled(own))
}

/** For each text the share of its rows up to each value of a column of numbers; rows without one do not count. */
function cumulative(values: Float64Array, codes: Int32Array, texts: number): Float64Array[] {
  const levels = Float64Array.from(new Set(values.filter((value) => value === value))).sort()
  const placeOf = new Map(Array.from(levels, (level, at) => [level, at]))
  const shares = Array.from({ length: texts }, () => new Float64Array(levels.length))
  codes.forEach((code, row) => {
    const place = placeOf.get(values[row]!)
    if (code >= 0 && place !== undefined) shares[code]![place]!++
  })
  return shares.map((own) => {
    const share = scaled(own)
    for (let at = 1; at < share.length; at++) share[at]! += share[at - 1]!
    return share
  })
}

function scaled(counts: Float64Array): Float64Array {
  const all = counts.reduce((sum, count) => sum + count, 0)
  return all === 0 ? counts : counts.map((count) => count / all)
}

/** The first coordinate of classical scaling (Torgerson 1952): the leading eigenvector of the doubly centred squares, times a half less than zero. */
function onLine(distances: readonly Float64Array[]): Float64Array {
  const size = distances.length
  const squares = distances.map((row) => row.map((each) => each * each))
  const means = squares.map((row) => row.reduce((sum, each) => sum + each, 0) / size)
  const mean = means.reduce((sum, each) => sum + each, 0) / size
  const centred = squares.map((row, a) => row.map((each, b) => -0.5 * (each - means[a]! - means[b]! + mean)))
  return leadingVector(centred)
}

const mostSweeps = 100

/** Eigenvector of the largest eigenvalue of a symmetric matrix, by Jacobi's rotations; the matrix is used up. */
function leadingVector(matrix: readonly Float64Array[]): Float64Array {
  const size = matrix.length
  const vectors = Array.from({ length: size }, (_, at) => Float64Array.from({ length: size }, (__, other) => (at === other ? 1 : 0)))
  for (let sweep = 0; sweep < mostSweeps; sweep++) {
    let off = 0
    for (let p = 0; p < size; p++) for (let q = 0; q < p; q++) off += Math.abs(matrix[p]![q]!)
    if (off < 1e-14) break
    for (let p = 0; p < size; p++) for (let q = p + 1; q < size; q++) rotate(matrix, vectors, p, q)
  }
  let best = 0
  for (let at = 1; at < size; at++) if (matrix[at]![at]! > matrix[best]![best]!) best = at
  return Float64Array.from(vectors, (row) => row[best]!)
}

/** Takes out the element at p, q. */
function rotate(matrix: readonly Float64Array[], vectors: readonly Float64Array[], p: number, q: number): void {
  const own = matrix[p]![q]!
  if (own === 0) return
  const theta = (matrix[q]![q]! - matrix[p]![p]!) / (2 * own)
  const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1))
  const c = 1 / Math.sqrt(t * t + 1)
  const s = t * c
  for (const row of [...matrix, ...vectors]) {
    const [a, b] = [row[p]!, row[q]!]
    row[p] = c * a - s * b
    row[q] = s * a + c * b
  }
  for (let at = 0; at < matrix.length; at++) {
    const [a, b] = [matrix[p]![at]!, matrix[q]![at]!]
    matrix[p]![at] = c * a - s * b
    matrix[q]![at] = s * a + c * b
  }
}
