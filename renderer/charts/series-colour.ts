/** How many distinguishable hues there are (Okabe-Ito, in the order of --data-1 .. --data-8). */
const HUES = 8
const taken = new Map<string, number>()

function hashOf(key: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < key.length; index++) hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193) >>> 0
  return hash
}

/**
 * The hue of a run or class, the same on every chart of this window. It starts from a hash (FNV-1a) of the key, so it is
 * also the same tomorrow unless another key holds that hue already; then the least used hue next to it is taken.
 */
export function seriesHue(key: string): number {
  const known = taken.get(key)
  if (known !== undefined) return known
  const uses = new Array<number>(HUES).fill(0)
  for (const hue of taken.values()) uses[hue]++
  const fewest = Math.min(...uses)
  let hue = hashOf(key) % HUES
  while (uses[hue] > fewest) hue = (hue + 1) % HUES
  taken.set(key, hue)
  return hue
}

/** Gives keys that stand beside each other hues of their own while there are some left: a later key with the hue of an earlier one moves. */
export function keepApart(keys: readonly string[]): void {
  const here = new Set<number>()
  for (const key of keys) {
    let hue = seriesHue(key)
    for (let step = 0; step < HUES && here.has(hue); step++) hue = (hue + 1) % HUES
    taken.set(key, hue)
    here.add(hue)
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
