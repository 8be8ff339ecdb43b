import { nearNames } from '../../model/near-names'
import { PipelineParameter, PipelineStep, type PipelineDocument, type PipelineProblem } from '../../model/pipeline'
import type { SchemaProblem } from '../../model/schema-words'
import { dependenciesOf } from './step-dependencies'

/** Begins what stands in the place of a name that cannot be read; no name of a document has it, and no sentence about one is told. */
const NO_NAME = '\u0000'

/** A document with what does not fit its schema left out, so that the rest can be looked at further. */
export interface SoundPart {
  document: PipelineDocument
  /** A finding about a place as it may be told; none where it only follows from what was left out. */
  told(problem: PipelineProblem, path: readonly PropertyKey[]): PipelineProblem[]
  /** Whether something was left out at a place, or around it. */
  isTouched(path: readonly PropertyKey[]): boolean
  /** Whether what a step reads depends on something that was left out. */
  isUnsure(stepId: string): boolean
}

/** A document that fits is sound as a whole. */
export const allSound = (document: PipelineDocument): SoundPart => ({
  document,
  told: (problem) => [problem],
  isTouched: () => false,
  isUnsure: () => false
})

/** A step of what fits in it: an id and a type that cannot be read become ones that nobody has. */
export function soundStep(given: unknown, index: number, problems: readonly SchemaProblem[]): PipelineStep {
  const nobody = { id: `${NO_NAME}${index}`, type: `${NO_NAME}${index}` }
  if (!isMapping(given)) return nobody
  const step: Record<string, unknown> = { ...given, inputs: isMapping(given.inputs) ? { ...given.inputs } : given.inputs }
  for (const { path, isKey } of problems) {
    const [key, name] = path.slice(2).map(String)
    if (key === 'inputs' && name !== undefined && isMapping(step.inputs)) {
      // A connection that leads to what nobody knows: the input is not free.
      if (isKey) delete step.inputs[name]
      else step.inputs[name] = `${NO_NAME}.${NO_NAME}`
    } else if (key !== undefined) delete step[key]
  }
  const { inputs, ...rest } = step
  const parsed = PipelineStep.safeParse({ ...rest, id: rest.id ?? 'a', type: rest.type ?? 'a' })
  if (!parsed.success) return nobody
  const own = { id: rest.id === undefined ? nobody.id : parsed.data.id, type: rest.type === undefined ? nobody.type : parsed.data.type }
  return { ...parsed.data, ...own, ...(inputs !== undefined && { inputs: inputs as PipelineStep['inputs'] }) }
}

/** Without a default where one of its parts does not fit: then nothing is said of the places that use it. */
function soundParameters(given: unknown, problems: readonly SchemaProblem[]): PipelineParameter[] {
  if (!Array.isArray(given)) return []
  const faulty = new Set(problems.flatMap(({ path: [list, index] }) => (list === 'parameters' && typeof index === 'number' ? [index] : [])))
  return given.map((entry: unknown, index): PipelineParameter => {
    if (!faulty.has(index)) return entry as PipelineParameter
    const { name, type } = isMapping(entry) ? entry : {}
    const [named, typed] = [PipelineParameter.shape.name.safeParse(name), PipelineParameter.shape.type.safeParse(type)]
    return { name: named.data ?? `${NO_NAME}${index}`, type: typed.data ?? 'string' }
  })
}

/** What is sound of a document that is not, of its steps and of what does not fit. */
export function soundPart(json: Record<string, unknown>, steps: PipelineStep[], problems: readonly SchemaProblem[]): SoundPart {
  const touched = new Set(problems.flatMap((problem) => placesOf(problem, json)).map(keyOf))
  const parameters = soundParameters(json.parameters, problems)
  const isAnyNameless = (names: readonly string[]): boolean => names.some((name) => name.startsWith(NO_NAME))
  const hidden = { steps: isAnyNameless(steps.map(({ id }) => id)), parameters: isAnyNameless(parameters.map(({ name }) => name)) }
  const isTouched = (path: readonly PropertyKey[]): boolean => path.some((_, length) => touched.has(keyOf(path.slice(0, length + 1))))
  const unsure = downstream(
    steps,
    steps.filter((_, index) => problems.some(({ path }) => path[0] === 'steps' && path[1] === index)).map(({ id }) => id)
  )
  return {
    document: { schema: 'drydock.pipeline', version: 1, name: 'unnamed', ...(parameters.length > 0 && { parameters }), steps },
    isTouched,
    isUnsure: (stepId) => unsure.has(stepId),
    told({ stepId, ...problem }, path) {
      const { code, message, port } = problem
      if (message.includes(NO_NAME)) return []
      if (code === 'DANGLING_REFERENCE' && hidden.steps && message.includes('there is no step')) return []
      if (code === 'UNKNOWN_PARAMETER' && (hidden.parameters || isTouched(['parameters']))) return []
      if (isTouched(code === 'MISSING_INPUT' ? [...path, 'inputs', port!] : path)) return []
      return [stepId === undefined || stepId.startsWith(NO_NAME) ? problem : { ...problem, stepId }]
    }
  }
}

/** Where something is left out by a problem: the value, the whole mapping of inputs for a port without a name, and what a misspelt key was meant to be. */
function placesOf({ path, isKey }: SchemaProblem, json: Record<string, unknown>): (readonly PropertyKey[])[] {
  if (!isKey) return [path]
  const parent = path.slice(0, -1)
  if (parent.at(-1) === 'inputs') return [parent]
  const [at, shape] =
    parent[0] === 'steps' ? [(json.steps as unknown[])[Number(parent[1])], PipelineStep.shape] : [json, { parameters: true, steps: true }]
  const meant = nearNames(String(path.at(-1)), Object.keys(shape)).filter((name) => !isMapping(at) || at[name] === undefined)
  return [path, ...meant.map((name) => [...parent, name])]
}

/** Steps and all that read from them. */
function downstream(steps: readonly PipelineStep[], first: readonly string[]): Set<string> {
  const found = new Set(first)
  const needs = dependenciesOf(steps)
  for (let before = -1; before !== found.size;) {
    before = found.size
    for (const [id, others] of needs) if (others.some((other) => found.has(other))) found.add(id)
  }
  return found
}

const keyOf = (path: readonly PropertyKey[]): string => JSON.stringify(path.map(String))
const isMapping = (value: unknown): value is Record<string, unknown> => value !== null && typeof value === 'object' && !Array.isArray(value)
