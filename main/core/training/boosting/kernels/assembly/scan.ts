import { rulesAt } from '../records'

/** Integers below 2^51 become doubles by placing them under 1.5 * 2^52. */
const magic: f64 = 6755399441055744.0

/** Nothing found yet: what is found must gain more than the least gain over the node as it is. */
export function beginBest(best: usize, node: usize): void {
  const packed = load<i64>(node, 8)
  const mask: i64 = (<i64>1 << load<i64>(rulesAt, 8)) - 1
  const gradient = <f64>load<i64>(node)
  store<f64>(best, (gradient * gradient) / (<f64>(packed & mask) + load<f64>(rulesAt, 32)) + load<f64>(rulesAt, 40))
  store<i32>(best, -1, 8)
}

/**
 * Best cut of one numeric feature, by GL^2 / (HL + l2) + GR^2 / (HR + l2) in whole units (Chen and Guestrin 2016, eq. 7). Only a strictly larger
 * score replaces what was found, so the first of equals wins in the order of features, directions of the missing values and bins. Two
 * neighbouring bins are judged at once, by products; only those that may be better are divided.
 */
export function scan(feature: i32, cells: usize, bins: i32, node: usize, best: usize): void {
  const shift = load<i64>(rulesAt, 8)
  const minRows = load<i64>(rulesAt, 16)
  const mask: i64 = (<i64>1 << shift) - 1
  const packed = load<i64>(node, 8)
  const rowsAll = packed >> shift
  const missing = cells + (<usize>bins << 4)
  const missingRows = load<i64>(missing, 8) >> shift
  const ways = missingRows > 0 ? 2 : 1
  const gs = f64x2.splat(<f64>load<i64>(node))
  const hs = f64x2.splat(<f64>(packed & mask))
  const minHs = f64x2.splat(load<f64>(rulesAt, 24))
  const l2s = f64x2.splat(load<f64>(rulesAt, 32))
  const masks = i64x2.splat(mask)
  const magics = f64x2.splat(magic)
  const least = i64x2.splat(minRows - 1)
  const most = i64x2.splat(rowsAll - minRows + 1)
  let top = load<f64>(best)
  for (let way = 0; way < ways; way++) {
    // With the missing values on the right, "all values left" is a cut too.
    const last = ways == 2 && way == 0 ? bins : bins - 1
    let sum = way ? v128.load(missing) : i64x2.splat(0)
    const stop = cells + (<usize>last << 4)
    // After an odd last bin the next cell is read too; its candidate is refused below.
    for (let at = cells; at < stop; at += 32) {
      const one = i64x2.add(sum, v128.load(at))
      sum = i64x2.add(one, v128.load(at, 16))
      const p = i64x2.shuffle(one, sum, 1, 3)
      const rows = i64x2.shr_u(p, i32(shift))
      const valid = v128.and(i64x2.gt_s(rows, least), i64x2.gt_s(most, rows))
      if (!v128.any_true(valid)) continue
      const gl = f64x2.sub(i64x2.add(i64x2.shuffle(one, sum, 0, 2), magics), magics)
      const hl = f64x2.sub(i64x2.add(v128.and(p, masks), magics), magics)
      const gr = f64x2.sub(gs, gl)
      const hr = f64x2.sub(hs, hl)
      const a = f64x2.add(hl, l2s)
      const b = f64x2.add(hr, l2s)
      const num = f64x2.add(f64x2.mul(f64x2.mul(gl, gl), b), f64x2.mul(f64x2.mul(gr, gr), a))
      const den = f64x2.mul(a, b)
      const heavy = v128.and(f64x2.ge(hl, minHs), f64x2.ge(hr, minHs))
      // A little below the best, so that rounding never drops one whose quotient is larger.
      const may = v128.and(v128.and(valid, heavy), f64x2.gt(num, f64x2.mul(f64x2.splat(top * 0.999999999999999), den)))
      if (!v128.any_true(may)) continue
      for (let lane = 0; lane < 2; lane++) {
        if (lane ? !i64x2.extract_lane(may, 1) || at + 16 >= stop : !i64x2.extract_lane(may, 0)) continue
        const score = lane ? f64x2.extract_lane(num, 1) / f64x2.extract_lane(den, 1) : f64x2.extract_lane(num, 0) / f64x2.extract_lane(den, 0)
        if (!(score > top)) continue
        top = score
        const left = lane ? sum : one
        store<f64>(best, top)
        store<i32>(best, feature, 8)
        store<i32>(best, i32((at - cells) >> 4) + lane, 12)
        // A node that saw nothing missing sends it where most rows go.
        store<i32>(best, missingRows > 0 ? way : i32((i64x2.extract_lane(left, 1) >> shift) * 2 >= rowsAll), 16)
        v128.store(best, left, 32)
      }
    }
  }
}
