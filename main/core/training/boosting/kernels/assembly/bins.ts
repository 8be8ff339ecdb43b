import { featureBytes, radixBytes, stagedBytes } from '../records'
import { address, word } from './job'

/** Words: staged features, features, rows. Sorts the sample of a staged feature into its other keys. */
export function sortTask(task: i32): void {
  const staged = address(1) + task * stagedBytes
  const keys = <usize>load<u32>(staged, 4)
  const other = <usize>load<u32>(staged, 8)
  sort(keys, load<i32>(staged, 12), other, other - radixBytes)
}

/** Writes the codes of a staged feature, by column and into the records. */
export function binTask(task: i32): void {
  const staged = address(1) + task * stagedBytes
  const feature = address(2) + load<i32>(staged, 16) * featureBytes
  let values = <usize>load<u32>(staged)
  let column = <usize>load<u32>(feature)
  let record = <usize>load<u32>(feature, 4)
  const stride = <usize>load<i32>(feature, 8)
  const missing = load<i32>(feature, 12)
  const edges = <usize>load<u32>(feature, 24)
  for (const end = values + (<usize>word(3) << 3); values < end; values += 8) {
    const v = load<f64>(values)
    // Eight halvings over 256 edges that are padded with Infinity.
    let at = edges
    at += <usize>i32(load<f64>(at, 1016) < v) << 10
    at += <usize>i32(load<f64>(at, 504) < v) << 9
    at += <usize>i32(load<f64>(at, 248) < v) << 8
    at += <usize>i32(load<f64>(at, 120) < v) << 7
    at += <usize>i32(load<f64>(at, 56) < v) << 6
    at += <usize>i32(load<f64>(at, 24) < v) << 5
    at += <usize>i32(load<f64>(at, 8) < v) << 4
    at += <usize>i32(load<f64>(at) < v) << 3
    const code = v != v ? missing : i32((at - edges) >> 3)
    store<u8>(column, code)
    store<u8>(record, code)
    column++
    record += stride
  }
}

// @ts-ignore: decorator
@inline
function count(table: usize, pass: i32, key: u32): usize {
  return table + (pass << 13) + (((key >> (pass * 11)) & 2047) << 2)
}

/** Sorts n floats (no NaN) through `other` in three passes of 11 bits; the result is in `other`, the keys are lost. */
function sort(keys: usize, n: i32, other: usize, table: usize): void {
  memory.fill(table, 0, radixBytes)
  for (let i = 0; i < n; i++) {
    const bits = load<u32>(keys + (<usize>i << 2))
    // Negative numbers are turned over and come first, as whole numbers.
    const key = bits ^ (u32(<i32>bits >> 31) | 0x80000000)
    store<u32>(keys + (<usize>i << 2), key)
    for (let pass = 0; pass < 3; pass++) {
      const at = count(table, pass, key)
      store<u32>(at, load<u32>(at) + 1)
    }
  }
  for (let pass = 0; pass < 3; pass++) {
    let sum: u32 = 0
    for (let at = table + (pass << 13), end = at + 8192; at < end; at += 4) {
      const own = load<u32>(at)
      store<u32>(at, sum)
      sum += own
    }
    const from = pass & 1 ? other : keys
    const to = pass & 1 ? keys : other
    for (let i = 0; i < n; i++) {
      const key = load<u32>(from + (<usize>i << 2))
      const at = count(table, pass, key)
      const place = load<u32>(at)
      store<u32>(at, place + 1)
      store<u32>(to + (<usize>place << 2), pass < 2 ? key : key ^ (key >> 31 ? 0x80000000 : 0xffffffff))
    }
  }
}
