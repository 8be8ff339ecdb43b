const wordsOf = (text: string): string[] =>
  text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean)

/**
 * How well an entry answers what was typed: 0 for not at all, at most 1. Every typed word must be found. A word of the title that begins
 * with it counts more than a place inside, the title more than the other words; of two that are found alike the shorter title wins.
 */
export function scoreEntry(title: string, search: string, keywords: readonly string[] = []): number {
  const typed = wordsOf(search)
  if (typed.length === 0) return 1
  const [own, others, lower] = [wordsOf(title), keywords.flatMap(wordsOf), title.toLowerCase()]
  let sum = 0
  for (const word of typed) {
    const found = own.some((each) => each.startsWith(word))
      ? 1
      : lower.includes(word)
        ? 0.7
        : others.some((each) => each.startsWith(word))
          ? 0.3
          : 0
    if (found === 0) return 0
    sum += found
  }
  const begins = lower.startsWith(search.trim().toLowerCase()) ? 0.05 : 0
  return (sum / typed.length) * 0.9 + begins + 0.05 / (1 + own.length)
}
