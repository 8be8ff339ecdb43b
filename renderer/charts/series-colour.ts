/** How many distinguishable hues there are (Okabe-Ito, in the order of --data-1 .. --data-8). */
const HUES = 8
const taken = new Map<string, number>()

function hashOf(key: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < key.length; index++) hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193) >>> 0
  return hash
}

/** Hues that look alike, in the dark most of all: the two blues, ochre and yellow. */
const ALIKE = new Map([
  [0, 5],
  [5, 0],
  [4, 6],
  [6, 4]
])

/** The first hue from `start` on that is used least, and of these one whose like is used least. */
function leastUsed(start: number, used: readonly number[]): number {
  const uses = new Array<number>(HUES).fill(0)
  for (const hue of used) uses[hue]!++
  const cost = (hue: number): number => uses[hue]! * (used.length + 1) + (uses[ALIKE.get(hue) ?? -1] ?? 0)
  let best = start
  for (let step = 1; step < HUES; step++) if (cost((start + step) % HUES) < cost(best)) best = (start + step) % HUES
  return best
}

/**
 * The hue of a run or class, the same on every chart of this window. It starts from a hash (FNV-1a) of the key, so it is
 * also the same tomorrow unless another key holds that hue, or one like it, already; then the least used hue next to it is taken.
 */
export function seriesHue(key: string): number {
  const known = taken.get(key)
  if (known !== undefined) return known
  const hue = leastUsed(hashOf(key) % HUES, [...taken.values()])
  taken.set(key, hue)
  return hue
}

/** Gives keys that stand beside each other hues of their own, and none that look alike, while there are some left: a later key moves. */
export function keepApart(keys: readonly string[]): void {
  const here: number[] = []
  for (const key of keys) {
    const hue = leastUsed(seriesHue(key), here)
    taken.set(key, hue)
    here.push(hue)
  }
}

/** A CSS colour for SVG and HTML. */
export const seriesColour = (key: string): string => `var(--data-${seriesHue(key) + 1})`

/** The computed value of a CSS colour variable, for canvases and exported pictures. */
export function resolveColour(colour: string, element: Element = document.documentElement): string {
  const name = /^var\((--[\w-]+)\)$/.exec(colour)?.[1]
  return name ? getComputedStyle(element).getPropertyValue(name).trim() || '#808080' : colour
}

/** For tests: forgets all keys. */
export function forgetSeriesColours(): void {
  taken.clear()
}
