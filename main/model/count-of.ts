/** A number with its noun: `1 row`, `2,304 rows`, `2 copies`. `many` is the plural where it is not regular. */
export function countOf(count: number, one: string, many = one.replace(/([^aeiou])y$/, '$1ie') + 's'): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`
}
