import {
  bestBytes,
  blockBytes,
  cellBytes,
  featureBytes,
  largeSumsAt,
  rulesAt,
  scratchFeatureBytes,
  smallSumsAt,
  tallyRows,
  taskBytes,
  tileRows
} from '../records'
import { address, word } from './job'
import { beginBest, scan } from './scan'

// @ts-ignore: decorator
@inline
function bump(cells: usize, code: usize, v: v128): void {
  const at = cells + (code << 4)
  v128.store(at, i64x2.add(v128.load(at), v))
}

/** `width` and `indexed` are literals at every call, so that each compiles to a straight loop of its own. */
// @ts-ignore: decorator
@inline
function loop(width: i32, indexed: bool, rows: usize, n: i32, record: usize, stride: usize, gh: usize, cells: usize): void {
  const one = i64x2.replace_lane(i64x2.splat(0), 1, load<i64>(rulesAt))
  const end = gh + (<usize>n << 3)
  let c = record
  for (; gh < end; gh += 8) {
    // Gradient and hessian, two int32, widen to two int64 at once; one row is added above the hessian.
    const v = i64x2.add(v128.load_ext<i32>(gh), one)
    if (indexed) {
      c = record + <usize>load<u32>(rows) * stride
      rows += 4
    }
    bump(cells, load<u8>(c), v)
    if (width > 1) bump(cells + 4096, load<u8>(c, 1), v)
    if (width > 2) bump(cells + 8192, load<u8>(c, 2), v)
    if (width > 3) bump(cells + 12288, load<u8>(c, 3), v)
    if (width > 4) bump(cells + 16384, load<u8>(c, 4), v)
    if (width > 5) bump(cells + 20480, load<u8>(c, 5), v)
    if (width > 6) bump(cells + 24576, load<u8>(c, 6), v)
    if (width > 7) bump(cells + 28672, load<u8>(c, 7), v)
    if (!indexed) c += stride
  }
}

/** Counts rows for 1 to 8 neighbouring features. `rows` 0: all rows in their order. The derivatives are in the order of `rows`. */
function countBlock(width: i32, rows: usize, n: i32, record: usize, stride: usize, gh: usize, cells: usize): void {
  if (rows)
    switch (width) {
      case 1: return loop(1, true, rows, n, record, stride, gh, cells)
      case 2: return loop(2, true, rows, n, record, stride, gh, cells)
      case 3: return loop(3, true, rows, n, record, stride, gh, cells)
      case 4: return loop(4, true, rows, n, record, stride, gh, cells)
      case 5: return loop(5, true, rows, n, record, stride, gh, cells)
      case 6: return loop(6, true, rows, n, record, stride, gh, cells)
      case 7: return loop(7, true, rows, n, record, stride, gh, cells)
      default: return loop(8, true, rows, n, record, stride, gh, cells)
    }
  switch (width) {
    case 1: return loop(1, false, rows, n, record, stride, gh, cells)
    case 2: return loop(2, false, rows, n, record, stride, gh, cells)
    case 3: return loop(3, false, rows, n, record, stride, gh, cells)
    case 4: return loop(4, false, rows, n, record, stride, gh, cells)
    case 5: return loop(5, false, rows, n, record, stride, gh, cells)
    case 6: return loop(6, false, rows, n, record, stride, gh, cells)
    case 7: return loop(7, false, rows, n, record, stride, gh, cells)
    default: return loop(8, false, rows, n, record, stride, gh, cells)
  }
}

/** A feature whose codes take two bytes, counted straight into the child's cells. */
function countWide(rows: usize, n: i32, column: usize, gh: usize, cells: usize, bytes: usize): void {
  const one = i64x2.replace_lane(i64x2.splat(0), 1, load<i64>(rulesAt))
  memory.fill(cells, 0, bytes)
  for (let i = 0; i < n; i++) {
    const row = rows ? <usize>load<u32>(rows + (<usize>i << 2)) : <usize>i
    bump(cells, load<u16>(column + (row << 1)), i64x2.add(v128.load_ext<i32>(gh + (<usize>i << 3)), one))
  }
}

/**
 * Moves counted cells out of the scratch, which may be that of several threads, and clears it; the larger child is what its parent had less the
 * smaller one.
 */
function settle(scratch: usize, child: usize, parent: usize, bytes: usize): void {
  const zero = i64x2.splat(0)
  const sets = word(13)
  for (let set = 1; set < sets; set++) join(scratch, scratch + set * word(14), bytes)
  for (let at: usize = 0; at < bytes; at += cellBytes) {
    const v = v128.load(scratch + at)
    v128.store(scratch + at, zero)
    v128.store(child + at, v)
    if (parent) v128.store(parent + at, i64x2.sub(v128.load(parent + at), v))
  }
}

/** Adds the cells of another thread and clears them there. */
function join(to: usize, from: usize, bytes: usize): void {
  const zero = i64x2.splat(0)
  for (let at: usize = 0; at < bytes; at += cellBytes) {
    v128.store(to + at, i64x2.add(v128.load(to + at), v128.load(from + at)))
    v128.store(from + at, zero)
  }
}

function subtract(child: usize, parent: usize, bytes: usize): void {
  for (let at: usize = 0; at < bytes; at += cellBytes)
    v128.store(parent + at, i64x2.sub(v128.load(parent + at), v128.load(child + at)))
}

/**
 * Words: features, blocks, tasks, rows (0: all), number of rows, derivatives, cells of the child, cells of the parent or 0, best records, scratch,
 * whether the smaller child is searched, whether the larger is, the number of threads whose scratch holds counts (0: this task counts its rows),
 * bytes of the scratch of a thread. A task is one or more blocks of features of one group, or one wide feature.
 */
export function countTask(task: i32, thread: i32): void {
  const own = address(3) + task * taskBytes
  const blocks = address(2) + load<i32>(own) * blockBytes
  const size = load<i32>(own, 4)
  const best = address(9) + task * (2 * bestBytes)
  if (word(11)) beginBest(best, smallSumsAt)
  if (word(12)) beginBest(best + bestBytes, largeSumsAt)
  const first = address(1) + load<i32>(blocks) * featureBytes
  if (load<i32>(first, 20) == 2) {
    const cells = address(7) + load<u32>(first, 16)
    const bytes = <usize>(load<i32>(first, 12) + 1) << 4
    countWide(address(4), word(5), load<u32>(first), address(6), cells, bytes)
    if (word(8)) subtract(cells, address(8) + load<u32>(first, 16), bytes)
    return
  }
  const scratch = address(10) + (word(13) ? 0 : <usize>thread * word(14))
  if (!word(13)) countTiles(blocks, size, scratch, 0, word(5))
  for (let block = 0; block < size; block++) settleBlock(blocks + block * blockBytes, scratch, best)
}

/** Words as for counting, whose tasks are here whole groups: counts some rows of a group into the scratch of the thread, which keeps them. */
export function tallyTask(task: i32, thread: i32): void {
  const groups = word(11)
  const own = address(3) + (task % groups) * taskBytes
  const from = (task / groups) * tallyRows
  const scratch = address(10) + <usize>thread * word(14)
  countTiles(address(2) + load<i32>(own) * blockBytes, load<i32>(own, 4), scratch, from, min(from + tallyRows, word(5)))
}

/** Tile by tile, so that the records of a tile are fetched once for all blocks. */
function countTiles(blocks: usize, size: i32, scratch: usize, begin: i32, end: i32): void {
  const rows = address(4)
  const gh = address(6)
  for (let from = begin; from < end; from += tileRows)
    for (let block = 0; block < size; block++) {
      const at = blocks + block * blockBytes
      const first = address(1) + load<i32>(at) * featureBytes
      const stride = <usize>load<i32>(first, 8)
      const record = <usize>load<u32>(first, 4) + (rows ? 0 : <usize>from * stride)
      const own = rows ? rows + (<usize>from << 2) : 0
      countBlock(load<i32>(at, 4), own, min(tileRows, end - from), record, stride, gh + (<usize>from << 3), scratch + scratchAt(first))
    }
}

/** A feature has the place in the scratch that it has in the table: features that were not drawn leave theirs empty. */
// @ts-ignore: decorator
@inline
function scratchAt(feature: usize): usize {
  return <usize>load<i32>(feature, 32) * scratchFeatureBytes
}

function settleBlock(block: usize, scratch: usize, best: usize): void {
  const first = load<i32>(block)
  for (let j = 0; j < load<i32>(block, 4); j++) {
    const feature = address(1) + (first + j) * featureBytes
    const bins = load<i32>(feature, 12)
    const child = address(7) + load<u32>(feature, 16)
    const parent = word(8) ? address(8) + load<u32>(feature, 16) : 0
    settle(scratch + scratchAt(feature), child, parent, <usize>(bins + 1) << 4)
    if (load<i32>(feature, 28)) continue
    if (word(11)) scan(first + j, child, bins, smallSumsAt, best)
    if (word(12)) scan(first + j, parent, bins, largeSumsAt, best + bestBytes)
  }
}

/** Words as for counting; searches cells that lie ready, with the sums of the smaller child. */
export function scanTask(task: i32): void {
  const own = address(3) + task * taskBytes
  const blocks = address(2) + load<i32>(own) * blockBytes
  const best = address(9) + task * (2 * bestBytes)
  beginBest(best, smallSumsAt)
  for (let block = 0; block < load<i32>(own, 4); block++) {
    const first = load<i32>(blocks + block * blockBytes)
    for (let j = 0; j < load<i32>(blocks + block * blockBytes, 4); j++) {
      const feature = address(1) + (first + j) * featureBytes
      if (!load<i32>(feature, 28)) scan(first + j, address(7) + load<u32>(feature, 16), load<i32>(feature, 12), smallSumsAt, best)
    }
  }
}
