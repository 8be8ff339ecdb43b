/** Versions of the program are three numbers; the launcher, the package manager and this order them alike. */
const form = /^(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})$/

/** Whether a text is a version, and thereby safe as the name of a folder. */
export const isVersion = (text: string): boolean => form.test(text)

/** Negative where the first is the lower one. Both must be versions. */
export function compareVersions(one: string, other: string): number {
  const [first, second] = [one, other].map((text) => text.split('.').map(Number))
  for (let at = 0; at < 3; at++) if (first[at] !== second[at]) return first[at] - second[at]
  return 0
}

/** The highest of some versions; null of none. */
export const highestOf = (versions: readonly string[]): string | null => [...versions].sort(compareVersions).at(-1) ?? null
