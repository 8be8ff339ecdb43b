import type { PipelineStep } from '../../model/pipeline'

/** Steps that each step needs, by id; unknown ids are left out. */
export function dependenciesOf(steps: readonly PipelineStep[]): Map<string, string[]> {
  const ids = new Set(steps.map((step) => step.id))
  return new Map(
    steps.map((step) => [
      step.id,
      [...new Set(Object.values(step.inputs ?? {}).map((from) => from.split('.')[0]))].filter((id) => ids.has(id))
    ])
  )
}

/**
 * A cycle for every back edge of a depth-first search, so that no cyclic document passes; steps are named in the order in which data
 * would flow. Iterative, because a hostile document may be a chain of thousands.
 */
export function findCycles(steps: readonly PipelineStep[]): string[][] {
  const needs = dependenciesOf(steps)
  const state = new Map<string, 'open' | 'done'>()
  const cycles: string[][] = []
  for (const root of needs.keys()) {
    if (state.has(root)) continue
    const path: { id: string; next: number }[] = [{ id: root, next: 0 }]
    state.set(root, 'open')
    while (path.length) {
      const top = path[path.length - 1]
      const child = needs.get(top.id)![top.next++]
      if (child === undefined) {
        state.set(top.id, 'done')
        path.pop()
      } else if (state.get(child) === 'open') {
        cycles.push(
          path
            .slice(path.findIndex((entry) => entry.id === child))
            .map((entry) => entry.id)
            .reverse()
        )
      } else if (!state.has(child)) {
        state.set(child, 'open')
        path.push({ id: child, next: 0 })
      }
    }
  }
  return cycles
}
