type NotFinite = 'NaN' | 'Infinity' | '-Infinity'

/** How a number that JSON cannot hold is written in it, as the JSON form of Protocol Buffers does; undefined for every other value. */
const textOf = (value: unknown): NotFinite | undefined =>
  typeof value === 'number' && !Number.isFinite(value) ? (String(value) as NotFinite) : undefined

/** JSON text, indented by two spaces; NaN and the infinities are the texts "NaN", "Infinity" and "-Infinity" where JSON.stringify says null. */
export const jsonText = (value: unknown): string => JSON.stringify(value, (_key, inner: unknown) => textOf(inner) ?? inner, 2)

const words: Record<NotFinite, string> = { NaN: 'not a number', Infinity: 'infinity', '-Infinity': 'minus infinity' }

/** What stands in the place of digits; null for a finite number. */
export function numberInWords(value: number): string | null {
  const text = textOf(value)
  return text === undefined ? null : words[text]
}

const spelt = new Map([
  ['nan', NaN],
  ...['inf', 'infinity'].flatMap((name): [string, number][] => [
    [name, Infinity],
    [`+${name}`, Infinity],
    [`-${name}`, -Infinity]
  ])
])

/** A number as a program wrote it into JSON: as such, or by name where JSON has none ("NaN", "inf", "-Infinity"). Undefined for all else. */
export function readReportedNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return value
  return typeof value === 'string' ? spelt.get(value.trim().toLowerCase()) : undefined
}

/** Orders finite numbers by `compare` and the others behind them, as they came. */
export const finiteFirst = (a: number, b: number, compare: (a: number, b: number) => number): number =>
  Number.isFinite(a) && Number.isFinite(b) ? compare(a, b) : Number(Number.isFinite(b)) - Number(Number.isFinite(a))
