import type { PipelineDocument, PipelineStep } from '../../../model/pipeline'
import type { StepRegistry } from '../define-step'
import { dependenciesOf } from '../validate-pipeline'
import type { ColumnLookup } from './column-lookup'
import { unknownTable, type TableFacts } from './table-facts'

/**
 * What is known of the table at every input of every step, by step and port. `parametersOf` gives the parameters of a step, undefined
 * while they are incomplete; what comes out of such a step is unknown, as is what comes around in a circle.
 */
export async function deriveTables(
  document: Pick<PipelineDocument, 'steps'>,
  steps: StepRegistry,
  parametersOf: (step: PipelineStep) => unknown,
  lookup: ColumnLookup
): Promise<Map<string, Record<string, TableFacts>>> {
  const inputs = new Map<string, Record<string, TableFacts>>()
  const outputs = new Map<string, Record<string, TableFacts>>()
  for (const step of inOrder(document.steps)) {
    const own = Object.fromEntries(
      Object.entries(step.inputs ?? {}).map(([port, from]) => {
        const [source, output] = from.split('.')
        return [port, outputs.get(source)?.[output] ?? unknownTable]
      })
    )
    inputs.set(step.id, own)
    const parameters = parametersOf(step)
    const tables = parameters === undefined ? undefined : await steps.get(step.type)?.tables?.(parameters as never, own, lookup)
    outputs.set(step.id, tables ?? {})
  }
  return inputs
}

/** The steps, each after all that it needs; those that wait for each other come last. */
function inOrder(steps: readonly PipelineStep[]): PipelineStep[] {
  const needs = dependenciesOf(steps)
  const waiting = new Map([...needs].map(([id, ids]) => [id, ids.length]))
  const followers = new Map<string, string[]>()
  for (const [id, ids] of needs) for (const need of ids) followers.set(need, [...(followers.get(need) ?? []), id])
  const ready = [...waiting].filter(([, count]) => count === 0).map(([id]) => id)
  for (const id of ready)
    for (const follower of followers.get(id) ?? []) {
      const left = waiting.get(follower)! - 1
      waiting.set(follower, left)
      if (left === 0) ready.push(follower)
    }
  const place = new Map(ready.map((id, index) => [id, index]))
  return [...steps].sort((a, b) => (place.get(a.id) ?? ready.length) - (place.get(b.id) ?? ready.length))
}
