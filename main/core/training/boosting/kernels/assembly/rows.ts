import { nodeBytes, rangeBytes, walkRows } from '../records'
import { address, word } from './job'

/** Numbers from 0. */
export function iota(at: usize, n: i32): void {
  for (let i = 0; i < n; i++) store<u32>(at + (<usize>i << 2), i)
}

/**
 * Words: ranges, rows, column, bytes of a code, route, left, right, counts. Divides the rows of a range, in their order, into left[from..] and
 * right[from..], and notes how many went left.
 */
export function partitionTask(task: i32): void {
  const range = address(1) + task * rangeBytes
  const from = load<i32>(range)
  const to = load<i32>(range, 4)
  const went =
    word(4) == 2
      ? partition(address(2), from, to, address(3), true, address(5), address(6), address(7))
      : partition(address(2), from, to, address(3), false, address(5), address(6), address(7))
  store<i32>(address(8) + (task << 2), went)
}

// @ts-ignore: decorator
@inline
function partition(rows: usize, from: i32, to: i32, column: usize, wide: bool, route: usize, left: usize, right: usize): i32 {
  let l = left + (<usize>from << 2)
  let r = right + (<usize>from << 2)
  const start = l
  const end = rows + (<usize>to << 2)
  // Each row is written to both sides and kept on one: a branch here would be guessed wrong half the time.
  for (let at = rows + (<usize>from << 2); at < end; at += 4) {
    const row = load<u32>(at)
    const code = wide ? <usize>load<u16>(column + (<usize>row << 1)) : <usize>load<u8>(column + <usize>row)
    const goes = <usize>load<u8>(route + code)
    store<u32>(l, row)
    store<u32>(r, row)
    l += goes << 2
    r += (1 - goes) << 2
  }
  return i32((l - start) >> 2)
}

/**
 * Words as for the partition, then derivatives, ordered derivatives (0: not wanted), whether the left side is the smaller, and for each range the
 * places of its left rows, of its right rows, and of the derivatives of the smaller side. Left rows that were divided in place stay.
 */
export function placeTask(task: i32): void {
  const range = address(1) + task * rangeBytes
  const from = <usize>load<i32>(range)
  const lefts = load<i32>(address(8) + (task << 2))
  const rights = load<i32>(range, 4) - <i32>from - lefts
  const place = address(12) + task * 16
  const left = address(6) + (from << 2)
  const right = address(7) + (from << 2)
  if (address(6) != address(2)) memory.copy(address(2) + (<usize>load<u32>(place) << 2), left, <usize>lefts << 2)
  memory.copy(address(2) + (<usize>load<u32>(place, 4) << 2), right, <usize>rights << 2)
  if (!word(10)) return
  const ordered = address(10) + (<usize>load<u32>(place, 8) << 3)
  if (word(11)) gather(left, lefts, address(9), ordered)
  else gather(right, rights, address(9), ordered)
}

function gather(rows: usize, n: i32, gh: usize, to: usize): void {
  for (const end = to + (<usize>n << 3); to < end; to += 8, rows += 4) store<u64>(to, load<u64>(gh + (<usize>load<u32>(rows) << 3)))
}

/** Words: ranges, row numbers, leaf by row. Writes the number of each leaf to the rows of its range. */
export function markTask(task: i32): void {
  const range = address(1) + task * rangeBytes
  let at = address(2) + (<usize>load<i32>(range) << 2)
  const leafOf = address(3)
  for (const end = address(2) + (<usize>load<i32>(range, 4) << 2); at < end; at += 4)
    store<u16>(leafOf + (<usize>load<u32>(at) << 1), <u16>task)
}

/** Words: nodes, row numbers (0: from the first row on), first row, number of rows, leaf by row. Walks rows that the tree was not grown on. */
export function walkTask(task: i32): void {
  const nodes = address(1)
  const rows = address(2)
  const end = min(word(4), (task + 1) * walkRows)
  for (let i = task * walkRows; i < end; i++) {
    const row = rows ? <usize>load<u32>(rows + (<usize>i << 2)) : <usize>(word(3) + i)
    let node = nodes
    let column = <usize>load<u32>(node)
    while (column) {
      const code = load<i32>(node, 16) == 2 ? <usize>load<u16>(column + (row << 1)) : <usize>load<u8>(column + row)
      node = nodes + (load<u8>(<usize>load<u32>(node, 4) + code) ? load<i32>(node, 8) : load<i32>(node, 12)) * nodeBytes
      column = <usize>load<u32>(node)
    }
    store<u16>(address(5) + (row << 1), <u16>load<i32>(node, 8))
  }
}
