import { z } from 'zod'
import { WorkbenchError } from '../../../model/errors'
import { didYouMean } from '../../../model/near-names'
import type { PipelineDocument, PipelineProblem, PipelineStep } from '../../../model/pipeline'
import type { AnyStep, FreezeContext, StepRegistry } from '../define-step'
import { piecewise } from '../pieces'
import { collectReferences } from '../substitute-parameters'
import type { ColumnLookup } from './column-lookup'
import { columnsByName, hasUnlisted, type TableFacts } from './table-facts'

/** Says why a dataset or a policy that a step names cannot be had; null where it can. */
export type Absence = (kind: 'dataset' | 'policy', name: string, version: string) => Promise<string | null>

/** In the words of those who look for them when a run starts. A dataset whose columns are known is not opened for it. */
export function createAbsence(
  datasetColumns: ColumnLookup['dataset'],
  { datasetVersion, policy }: Pick<FreezeContext, 'datasetVersion' | 'policy'>
): Absence {
  return async (kind, name, version) => {
    if (kind === 'dataset' && datasetColumns(name, version)) return null
    try {
      await (kind === 'dataset' ? datasetVersion(name, version) : policy(name))
      return null
    } catch (error) {
      if (error instanceof WorkbenchError) return error.message
      throw error
    }
  }
}

interface NamedThing {
  kind: 'dataset' | 'policy' | 'column'
  name: string
  path: string[]
}

/** What a step names in its parameters, as the formats of their schemas say. */
function namedIn({ parameters: schema }: AnyStep, parameters: Readonly<Record<string, unknown>>): NamedThing[] {
  if (!((schema as z.ZodType) instanceof z.ZodObject)) return []
  return Object.entries((schema as unknown as z.ZodObject).shape).flatMap(([key, field]): NamedThing[] => {
    const kind = (field as z.ZodType).meta()?.format
    const value = Object.hasOwn(parameters, key) ? parameters[key] : undefined
    if (kind !== 'dataset' && kind !== 'policy' && kind !== 'column') return []
    const names = Array.isArray(value) ? value.map((name, index) => ({ name, path: [key, String(index)] })) : [{ name: value, path: [key] }]
    return names.flatMap(({ name, path }) => (typeof name === 'string' && name !== '' ? [{ kind, name, path }] : []))
  })
}

const MOST_TOLD = 20

/** The columns that a step names and none of its tables has; nothing while one of them may have others than those that are known. */
export function unknownColumns(
  stepId: string,
  definition: AnyStep,
  parameters: Readonly<Record<string, unknown>>,
  inputs: Readonly<Record<string, TableFacts>>
): { message: string; path: string[] }[] {
  const tables = Object.entries(inputs).flatMap(([port, table]) =>
    Object.hasOwn(definition.inputs, port) && definition.inputs[port]!.types.includes('Table') ? [table] : []
  )
  if (tables.length === 0 || tables.some(hasUnlisted)) return []
  const columns = new Set(tables.flatMap((table) => [...columnsByName(table).keys()]))
  const told = [...columns].slice(0, MOST_TOLD).join(', ') + (columns.size > MOST_TOLD ? ' and more' : '')
  return namedIn(definition, parameters)
    .filter(({ kind, name }) => kind === 'column' && !columns.has(name))
    .slice(0, MOST_TOLD)
    .map(({ name, path }) => ({
      path,
      message: `What "${stepId}" reads has no column "${name}" (parameter "${path[0]}"). It has: ${told}.${didYouMean(name, columns)}`
    }))
}

/** Names that are looked for in one check: a hostile text has thousands. */
const MOST_SOUGHT = 100

export type UnplacedProblem = PipelineProblem & { path: string[] }

/**
 * The names in a document that name nothing. One that is written there is an error; one that the default of a parameter of the pipeline puts
 * there is a warning, for a run may be given another. Columns are looked for where the parameters of the step are complete.
 */
export async function unknownNames(
  { steps }: PipelineDocument,
  registry: StepRegistry,
  parametersOf: (step: PipelineStep) => unknown,
  tables: ReadonlyMap<string, Record<string, TableFacts>>,
  absence: Absence
): Promise<UnplacedProblem[]> {
  const found: UnplacedProblem[] = []
  const answers = new Map<string, string | null>()
  for await (const step of piecewise(steps)) {
    const definition = registry.get(step.type)
    if (!definition || found.length >= MOST_SOUGHT) continue
    const complete = parametersOf(step) as Record<string, unknown> | undefined
    const written = step.parameters ?? {}
    const references = new Map(collectReferences(written).map(({ name, path }) => [path.join('.'), name]))
    const add = (code: PipelineProblem['code'], message: string, path: string[]): void => {
      const parameter = references.get(path.join('.'))
      const by = parameter === undefined ? '' : `By the default of the parameter "${parameter}": `
      found.push({ code, severity: by ? 'warning' : 'error', stepId: step.id, parameter: path[0], message: by + message, path })
    }
    for (const { kind, name, path } of namedIn(definition, complete ?? written)) {
      if (kind === 'column' || (!complete && references.has(path.join('.')))) continue
      const version = kind === 'dataset' && typeof written.version === 'string' ? written.version.replace(/^sha256:/, '') : 'latest'
      const key = JSON.stringify([kind, name, version])
      if (!answers.has(key) && answers.size < MOST_SOUGHT) answers.set(key, await absence(kind, name, version))
      const message = answers.get(key)
      if (message) add(kind === 'dataset' ? 'UNKNOWN_DATASET' : 'UNKNOWN_POLICY', message, path)
    }
    if (complete)
      for (const { message, path } of unknownColumns(step.id, definition, complete, tables.get(step.id) ?? {}))
        add('UNKNOWN_COLUMN', message, path)
  }
  return found.slice(0, MOST_SOUGHT)
}
