import type { Notice } from '../../model/dataset'

const MAX_LENGTH = 200

/**
 * Usable column names from those of a file: never empty, without control characters, at most 200 characters and unique without
 * regard to letter case (SQL does not tell `A` from `a`). Every change is reported.
 */
export function uniqueColumnNames(raw: readonly string[]): { names: string[]; notices: Notice[] } {
  const taken = new Set<string>()
  // where the search for a free number went on last time: thousands of equal headers must not take quadratic time
  const next = new Map<string, number>()
  const notices: Notice[] = []
  const names = raw.map((original, index) => {
    const clean = [
      ...original
        .normalize('NFC')
        .replace(/[\p{Cc}\p{Cs}\uFEFF]+/gu, ' ')
        .trim()
    ]
      .slice(0, MAX_LENGTH)
      .join('')
    const base = clean === '' ? `column_${index + 1}` : clean
    const key = base.toLowerCase()
    let name = base
    let n = next.get(key) ?? 2
    for (; taken.has(name.toLowerCase()); n++) name = `${base}_${n}`
    next.set(key, n)
    taken.add(name.toLowerCase())
    if (name !== original)
      notices.push({
        severity: 'info',
        title: clean === '' ? 'Column without a name' : name !== base ? 'Column name used twice' : 'Column name tidied',
        detail: `Column ${index + 1} ("${original.slice(0, 80)}") is called "${name}" in the dataset. Choose another name if you like.`,
        column: name,
        line: null
      })
    return name
  })
  return { names, notices }
}
