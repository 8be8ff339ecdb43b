export interface DiffLine {
  kind: 'same' | 'removed' | 'added'
  text: string
  /** Line numbers from 1 in the old and the new text. */
  before: number | null
  after: number | null
}

/**
 * The shortest list of removed and added lines that turns one text into the other (Myers, "An O(ND) difference
 * algorithm and its variations", 1986). Common beginnings and ends are skipped first.
 */
export function diffLines(beforeText: string, afterText: string): DiffLine[] {
  const before = beforeText.split('\n')
  const after = afterText.split('\n')
  let start = 0
  while (start < before.length && start < after.length && before[start] === after[start]) start++
  let end = 0
  while (end < before.length - start && end < after.length - start && before.at(-1 - end) === after.at(-1 - end)) end++
  const steps = shortestEdit(before.slice(start, before.length - end), after.slice(start, after.length - end))
  const kinds: DiffLine['kind'][] = [...new Array<'same'>(start).fill('same'), ...steps, ...new Array<'same'>(end).fill('same')]
  let [a, b] = [0, 0]
  return kinds.map((kind) => {
    const oldLine = kind === 'added' ? null : a++
    const newLine = kind === 'removed' ? null : b++
    return {
      kind,
      text: oldLine === null ? after[b - 1] : before[oldLine],
      before: oldLine === null ? null : oldLine + 1,
      after: newLine === null ? null : newLine + 1
    }
  })
}

function shortestEdit(a: readonly string[], b: readonly string[]): DiffLine['kind'][] {
  const most = a.length + b.length
  if (most === 0) return []
  // Memory grows with the square of the differences; texts this different are shown as replaced.
  if (most > 2000) return [...a.map((): DiffLine['kind'] => 'removed'), ...b.map((): DiffLine['kind'] => 'added')]
  const reach = new Int32Array(2 * most + 2)
  const trace: Int32Array[] = []
  for (let depth = 0; depth <= most; depth++) {
    trace.push(reach.slice())
    for (let k = -depth; k <= depth; k += 2) {
      const down = k === -depth || (k !== depth && reach[most + k - 1] < reach[most + k + 1])
      let x = down ? reach[most + k + 1] : reach[most + k - 1] + 1
      let y = x - k
      while (x < a.length && y < b.length && a[x] === b[y]) {
        x++
        y++
      }
      reach[most + k] = x
      if (x >= a.length && y >= b.length) return walkBack(trace, a.length, b.length, most)
    }
  }
  return []
}

function walkBack(trace: readonly Int32Array[], length: number, otherLength: number, most: number): DiffLine['kind'][] {
  const steps: DiffLine['kind'][] = []
  let [x, y] = [length, otherLength]
  for (let depth = trace.length - 1; depth >= 0; depth--) {
    const reach = trace[depth]
    const k = x - y
    const down = k === -depth || (k !== depth && reach[most + k - 1] < reach[most + k + 1])
    const previousX = depth === 0 ? 0 : down ? reach[most + k + 1] : reach[most + k - 1]
    const previousY = depth === 0 ? 0 : previousX - (down ? k + 1 : k - 1)
    while (x > previousX && y > previousY) {
      steps.push('same')
      x--
      y--
    }
    if (depth > 0) steps.push(down ? 'added' : 'removed')
    x = previousX
    y = previousY
  }
  return steps.reverse()
}
