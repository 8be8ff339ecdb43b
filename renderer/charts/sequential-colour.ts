/** Viridis (van der Walt and Smith, 2015) at equal steps, without its darkest and lightest ends, which one of the themes would swallow. */
const stops = [
  [70, 50, 127],
  [54, 92, 141],
  [39, 127, 142],
  [31, 161, 135],
  [74, 194, 109],
  [159, 218, 58]
] as const

/** The colour of a share of 0..1, from low to high. */
export function sequentialColour(share: number): string {
  const at = Math.min(1, Math.max(0, share)) * (stops.length - 1)
  const from = Math.min(stops.length - 2, Math.floor(at))
  const mixed = stops[from].map((part, index) => Math.round(part + (stops[from + 1][index] - part) * (at - from)))
  return `rgb(${mixed.join(' ')})`
}
