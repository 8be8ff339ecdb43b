import type { PipelineDocument, PipelineStep } from '../../../model/pipeline'
import type { StepRegistry } from '../define-step'
import { piecewise } from '../pieces'
import { dependenciesOf } from '../step-dependencies'
import { outputsOfStep } from '../validate-pipeline'
import type { ColumnLookup } from './column-lookup'
import { unknownTable, type NamedDataset, type TableFacts } from './table-facts'

/**
 * What is known of the table at every input of every step, by step and port. `parametersOf` gives the parameters of a step, undefined
 * while they are incomplete; what comes out of such a step is unknown, as is what comes around in a circle. From which datasets the rows
 * are is known all the same: those of every table that the step reads.
 */
export async function deriveTables(
  document: Pick<PipelineDocument, 'steps'>,
  steps: StepRegistry,
  parametersOf: (step: PipelineStep) => unknown,
  lookup: ColumnLookup
): Promise<Map<string, Record<string, TableFacts>>> {
  const inputs = new Map<string, Record<string, TableFacts>>()
  const outputs = new Map<string, Record<string, TableFacts>>()
  for await (const step of piecewise(inOrder(document.steps))) {
    const own = Object.fromEntries(
      Object.entries(step.inputs ?? {}).map(([port, from]) => {
        const [source, output] = from.split('.')
        return [port, outputs.get(source)?.[output] ?? unknownTable]
      })
    )
    inputs.set(step.id, own)
    const parameters = parametersOf(step)
    const tables = parameters === undefined ? undefined : await steps.get(step.type)?.tables?.(parameters as never, own, lookup)
    outputs.set(step.id, withOrigins(tables ?? {}, step, steps, Object.values(own)))
  }
  return inputs
}

/** The tables that a step makes, with the datasets behind them: those of all that it reads, unless it says which. */
function withOrigins(
  tables: Record<string, TableFacts>,
  step: PipelineStep,
  steps: StepRegistry,
  read: readonly TableFacts[]
): Record<string, TableFacts> {
  const from = distinct(read.flatMap((table) => table.from ?? []))
  const definition = steps.get(step.type)
  if (!definition || from.length === 0) return tables
  const made = Object.entries(outputsOfStep(step, definition)).filter(([, { type }]) => type === 'Table' || type === 'FeatureSet')
  return Object.fromEntries(made.map(([port]) => [port, { from, ...(tables[port] ?? unknownTable) }]))
}

const distinct = (datasets: readonly NamedDataset[]): NamedDataset[] => [
  ...new Map(datasets.map((dataset) => [`${dataset.name}@${dataset.version}`, dataset])).values()
]

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
