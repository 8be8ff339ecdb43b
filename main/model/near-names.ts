/** How many letters must be added, removed or changed to come from one word to the other. */
export function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1))
    row = next
  }
  return row[b.length]
}

/** Names that were perhaps meant by one that is not there, the nearest first; at most three. */
export function nearNames(name: string, names: Iterable<string>): string[] {
  const asked = name.toLowerCase()
  return [...names]
    .map((each) => ({ each, distance: editDistance(each.toLowerCase().slice(0, 100), asked.slice(0, 100)) }))
    .filter(({ distance }) => distance <= Math.max(2, asked.length / 3))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 3)
    .map(({ each }) => each)
}

/** A sentence that offers what was perhaps meant, with a space before it; empty where nothing comes near. */
export function didYouMean(name: string, names: Iterable<string>): string {
  const near = nearNames(name, names)
  return near.length > 0 ? ` Did you mean ${near.map((each) => `"${each}"`).join(' or ')}?` : ''
}
