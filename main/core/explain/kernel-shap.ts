import { breathe, Random } from '../numerics'

/** Answers of a model to rows that take the columns of a coalition from the explained row, and the others from the background: their mean, by output. */
export type CoalitionValue = (coalitions: readonly Uint8Array[]) => Promise<Float64Array[]>

export interface KernelValues {
  /** [columns, outputs]. */
  values: Float64Array
  /** Standard error of each value; null where all coalitions were asked. */
  errors: Float64Array | null
  base: Float64Array
  answer: Float64Array
}

/** Up to so many columns every coalition is asked, and the values are exact. */
export const exactColumns = 10
/** Pairs of coalitions for more columns. */
export const usualPairs = 512

/**
 * Shapley values of one row of a model that only answers (Lundberg and Lee 2017). Over more than ten columns by drawn pairs of a coalition and
 * its opposite, with the unbiased estimator of Covert and Lee (2021): the values still add up, and their standard error is known.
 */
export async function kernelShap(
  columns: number,
  value: CoalitionValue,
  { seed, pairs = usualPairs, signal }: { seed: number; pairs?: number; signal?: AbortSignal }
): Promise<KernelValues> {
  return columns <= exactColumns ? exactValues(columns, value, signal) : sampledValues(columns, value, seed, pairs, signal)
}

const membersOf = (mask: number, columns: number): Uint8Array => Uint8Array.from({ length: columns }, (_, at) => (mask >> at) & 1)

async function exactValues(columns: number, value: CoalitionValue, signal?: AbortSignal): Promise<KernelValues> {
  const count = 2 ** columns
  const answers: Float64Array[] = []
  for (let from = 0; from < count; from += 64) {
    answers.push(...(await value(Array.from({ length: Math.min(64, count - from) }, (_, at) => membersOf(from + at, columns)))))
    await breathe(signal)
  }
  const outputs = answers[0]!.length
  // (size)! (columns - size - 1)! / columns!
  const share = new Float64Array(columns)
  share[0] = 1 / columns
  for (let size = 1; size < columns; size++) share[size] = (share[size - 1]! * size) / (columns - size)
  const values = new Float64Array(columns * outputs)
  for (let mask = 0; mask < count; mask++) {
    let size = 0
    for (let left = mask; left > 0; left &= left - 1) size++
    for (let column = 0; column < columns; column++) {
      if ((mask >> column) & 1) continue
      const own = answers[mask | (1 << column)]!
      for (let output = 0; output < outputs; output++)
        values[column * outputs + output]! += share[size]! * (own[output]! - answers[mask]![output]!)
    }
  }
  return { values, errors: null, base: answers[0]!, answer: answers[count - 1]! }
}

async function sampledValues(
  columns: number,
  value: CoalitionValue,
  seed: number,
  pairs: number,
  signal?: AbortSignal
): Promise<KernelValues> {
  const random = new Random(seed, 11)
  const [base, answer] = (await value([new Uint8Array(columns), new Uint8Array(columns).fill(1)])) as [Float64Array, Float64Array]
  const outputs = base.length
  const factor = scaleOf(columns)
  const sums = new Float64Array(columns * outputs)
  const squares = new Float64Array(columns * outputs)
  for (let from = 0; from < pairs; from += 32) {
    const drawn = Array.from({ length: Math.min(32, pairs - from) }, () => drawCoalition(random, columns))
    const answers = await value(drawn.flatMap((members) => [members, members.map((member) => 1 - member)]))
    drawn.forEach((members, at) => {
      for (let output = 0; output < outputs; output++) {
        const own = answers[2 * at]![output]! - base[output]!
        const opposite = answers[2 * at + 1]![output]! - base[output]!
        const each = Float64Array.from(members, (member) => (member ? own : opposite) / 2)
        const mean = each.reduce((sum, one) => sum + one, 0) / columns
        for (let column = 0; column < columns; column++) {
          const one = (each[column]! - mean) / factor
          sums[column * outputs + output]! += one
          squares[column * outputs + output]! += one * one
        }
      }
    })
    await breathe(signal)
  }
  const values = sums.map((sum, at) => sum / pairs + (answer[at % outputs]! - base[at % outputs]!) / columns)
  const errors = squares.map((square, at) => Math.sqrt(Math.max(0, square / pairs - (sums[at]! / pairs) ** 2) / (pairs - 1)))
  return { values, errors, base, answer }
}

/** A coalition by the Shapley kernel: its size by 1 / (size (columns - size)), then its members evenly. */
function drawCoalition(random: Random, columns: number): Uint8Array {
  const weights = Array.from({ length: columns - 1 }, (_, at) => 1 / ((at + 1) * (columns - at - 1)))
  let left = random.uniform() * weights.reduce((sum, weight) => sum + weight, 0)
  let size = 1
  while (size < columns - 1 && left >= weights[size - 1]!) left -= weights[size++ - 1]!
  const members = new Uint8Array(columns)
  for (const member of random.sample(columns, size)) members[member] = 1
  return members
}

/** One half less the probability that two columns are members together (Covert and Lee 2021, appendix A). */
function scaleOf(columns: number): number {
  let both = 0
  let all = 0
  for (let size = 1; size < columns; size++) {
    all += 1 / (size * (columns - size))
    if (size > 1) both += (size - 1) / (columns - size)
  }
  return 0.5 - both / (columns * (columns - 1)) / all
}
