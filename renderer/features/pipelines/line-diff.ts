export interface DiffLine {
  kind: 'same' | 'removed' | 'added'
  text: string
  /** 1-based line number on either side; null where the line is not there. */
  before: number | null
  after: number | null
}

/** More differences than this are not searched for the shortest way; the middle is then shown as replaced. */
const MOST_DIFFERENCES = 2000

/** The lines of a text; a final line break ends the last line and begins no further one. */
const linesOf = (text: string): string[] => {
  if (text === '') return []
  const lines = text.split('\n')
  if (lines.at(-1) === '') lines.pop()
  return lines
}

/**
 * The shortest way from one text to another by lines removed and added (E. W. Myers, "An O(ND) difference algorithm and its
 * variations", 1986). Removed lines stand before the added ones of the same place.
 */
export function diffLines(before: string, after: string): DiffLine[] {
  const a = linesOf(before)
  const b = linesOf(after)
  let head = 0
  while (head < a.length && head < b.length && a[head] === b[head]) head++
  let tail = 0
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++
  const kinds = [
    ...Array.from({ length: head }, () => 'same' as const),
    ...diffMiddle(a.slice(head, a.length - tail), b.slice(head, b.length - tail)),
    ...Array.from({ length: tail }, () => 'same' as const)
  ]
  let x = 0
  let y = 0
  return kinds.map((kind): DiffLine => {
    if (kind === 'removed') return { kind, text: a[x], before: ++x, after: null }
    if (kind === 'added') return { kind, text: b[y], before: null, after: ++y }
    return { kind, text: a[x], before: ++x, after: ++y }
  })
}

function diffMiddle(a: readonly string[], b: readonly string[]): DiffLine['kind'][] {
  const replaced: DiffLine['kind'][] = [...a.map(() => 'removed' as const), ...b.map(() => 'added' as const)]
  if (a.length === 0 || b.length === 0) return replaced
  const trace = furthestPaths(a, b)
  return trace ? walkBack(trace, a.length, b.length) : replaced
}

/** For each number of differences, how far along `a` each diagonal x - y comes; null when there are too many. */
function furthestPaths(a: readonly string[], b: readonly string[]): Map<number, number>[] | null {
  const trace: Map<number, number>[] = []
  let ends = new Map([[1, 0]])
  for (let differences = 0; differences <= Math.min(MOST_DIFFERENCES, a.length + b.length); differences++) {
    const next = new Map<number, number>()
    trace.push(ends)
    for (let diagonal = -differences; diagonal <= differences; diagonal += 2) {
      let x = goesDown(ends, diagonal, differences) ? (ends.get(diagonal + 1) ?? 0) : (ends.get(diagonal - 1) ?? 0) + 1
      while (x < a.length && x - diagonal < b.length && a[x] === b[x - diagonal]) x++
      next.set(diagonal, x)
      if (x >= a.length && x - diagonal >= b.length) return trace
    }
    ends = next
  }
  return null
}

const goesDown = (ends: ReadonlyMap<number, number>, diagonal: number, differences: number): boolean =>
  diagonal === -differences || (diagonal !== differences && (ends.get(diagonal - 1) ?? -1) < (ends.get(diagonal + 1) ?? -1))

function walkBack(trace: readonly Map<number, number>[], length: number, otherLength: number): DiffLine['kind'][] {
  const kinds: DiffLine['kind'][] = []
  let x = length
  let y = otherLength
  for (let differences = trace.length - 1; differences >= 0; differences--) {
    const ends = trace[differences]
    const diagonal = x - y
    const isDown = goesDown(ends, diagonal, differences)
    const from = isDown ? diagonal + 1 : diagonal - 1
    const startX = ends.get(from) ?? 0
    const startY = startX - from
    const meetX = differences === 0 ? 0 : isDown ? startX : startX + 1
    while (x > meetX) {
      kinds.push('same')
      x--
      y--
    }
    if (differences === 0) break
    kinds.push(isDown ? 'added' : 'removed')
    x = startX
    y = startY
  }
  return kinds.reverse()
}

/** Runs of lines to show: changes with some lines around them, and how many equal lines are left out between. */
export function foldUnchanged(lines: readonly DiffLine[], around = 3): ({ skipped: number } | { lines: DiffLine[] })[] {
  const near = lines.map(() => false)
  lines.forEach((line, index) => {
    if (line.kind === 'same') return
    for (let at = Math.max(0, index - around); at <= Math.min(lines.length - 1, index + around); at++) near[at] = true
  })
  const parts: ({ skipped: number } | { lines: DiffLine[] })[] = []
  lines.forEach((line, index) => {
    const last = parts.at(-1)
    if (near[index]) {
      if (last && 'lines' in last) last.lines.push(line)
      else parts.push({ lines: [line] })
    } else if (last && 'skipped' in last) last.skipped++
    else parts.push({ skipped: 1 })
  })
  return parts
}
