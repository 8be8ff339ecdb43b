/**
 * The rising sequence nearest to `values` in weighted squares, by pooling adjacent violators (Barlow et al. 1972). A value of no weight takes
 * that of its block, the one before it or, at the start, the one after it.
 */
export function isotonic(values: ArrayLike<number>, weights: ArrayLike<number>): Float64Array {
  const blocks: { mean: number; weight: number; count: number }[] = []
  let leading = 0
  for (let at = 0; at < values.length; at++) {
    const last = blocks.at(-1)
    if (!(weights[at]! > 0)) {
      if (last) last.count++
      else leading++
      continue
    }
    let block = { mean: values[at]!, weight: weights[at]!, count: 1 }
    for (let before = blocks.at(-1); before && before.mean >= block.mean; before = blocks.at(-1)) {
      const weight = before.weight + block.weight
      block = { mean: before.mean + ((block.mean - before.mean) * block.weight) / weight, weight, count: before.count + block.count }
      blocks.pop()
    }
    blocks.push(block)
  }
  if (blocks.length === 0) return Float64Array.from(values)
  blocks[0]!.count += leading
  const out = new Float64Array(values.length)
  let at = 0
  for (const { mean, count } of blocks) out.fill(mean, at, (at += count))
  return out
}
