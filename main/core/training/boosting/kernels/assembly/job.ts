import { jobAt } from '../records'

/** A word of the present job. */
// @ts-ignore: decorator
@inline
export function word(index: i32): i32 {
  return load<i32>(jobAt + (index << 2))
}

/** A word of the present job that is an address. */
// @ts-ignore: decorator
@inline
export function address(index: i32): usize {
  return <usize>load<u32>(jobAt + (index << 2))
}
