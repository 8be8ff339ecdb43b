import { countOf } from '../../model/count-of'
import { WorkbenchError } from '../../model/errors'
import { didYouMean } from '../../model/near-names'
import { isUnknownName, type ParameterValue, type PipelineCheck, type PipelineDocument } from '../../model/pipeline'
import { deriveTables, unknownColumns, type ColumnLookup } from './column-roles'
import type { FreezeContext, StepRegistry } from './define-step'
import { fitParameters } from './fit-parameters'
import { createLiveStep, givenParameters, selectSteps, type LiveStep } from './live-run'
import { piecewise } from './pieces'
import { collectReferences, resolveParameters } from './substitute-parameters'
import { withoutStop, withPath } from '../../model/schema-words'

/** What the host looks up for every run alike. */
export type HostFacts = Omit<FreezeContext, 'parameters' | 'variant' | 'once'>

/** What a step was frozen with in the run that is done again; undefined where it is to be looked up. */
export type RecordedFrozen = (stepId: string) => Record<string, unknown> | undefined

export interface RunPlan {
  /** With defaults, without secrets. */
  parameters: Record<string, ParameterValue>
  /** Values that are handed to the steps that name them and are written down nowhere. */
  secrets: Record<string, string>
  targetStep: string | null
  steps: Map<string, LiveStep>
}

/**
 * Decides everything a run depends on before it begins: parameter values, the steps it needs, and what each of them is frozen with
 * (dataset versions, policies, code). Throws NOT_FOUND for an unknown step, dataset, policy or code file, INVALID_INPUT for parameters.
 */
export async function prepareRun(
  document: PipelineDocument,
  given: Record<string, ParameterValue>,
  targetStep: string | null,
  options: { steps: StepRegistry; freeze: HostFacts; lookup: ColumnLookup; register?: boolean; recorded?: RecordedFrozen }
): Promise<RunPlan> {
  const ids = document.steps.map((step) => step.id)
  if (targetStep !== null && !ids.includes(targetStep))
    throw new WorkbenchError(
      'NOT_FOUND',
      `There is no step "${targetStep}" to run to.${didYouMean(targetStep, ids)} Choose one of: ${ids.join(', ')}.`
    )
  const { parameters, secrets } = resolveParameters(document, given)
  const selected = selectSteps(document, targetStep)
  const fitting = new Map<string, Record<string, unknown>>()
  for await (const step of piecewise(selected)) {
    const definition = options.steps.get(step.type)!
    const values = fitParameters(definition, step.parameters ?? {}, parameters)
    if (!values.success)
      throw new WorkbenchError(
        'INVALID_INPUT',
        `The parameters of "${step.id}" do not fit: ${values.problems.map((problem) => withoutStop(withPath(problem))).join('; ')}. Correct them and start again.`,
        { details: { stepId: step.id } }
      )
    fitting.set(step.id, values.data)
  }
  const tables = await deriveTables({ steps: selected }, options.steps, ({ id }) => fitting.get(id), options.lookup)
  const steps = new Map<string, LiveStep>()
  const once = createOnce()
  // Two steps that name a dataset are given the same version, also when another one comes in meanwhile.
  const datasetVersion: FreezeContext['datasetVersion'] = (name, version) =>
    once(`dataset ${name}@${version}`, () => options.freeze.datasetVersion(name, version))
  // Nor two that name a model, when its stage moves meanwhile.
  const model: FreezeContext['model'] = (reference) => once(`model ${reference}`, () => options.freeze.model(reference))
  const others = options.register ? [] : givenParameters(document, parameters).filter(({ default: usual }) => usual !== undefined)
  for await (const step of piecewise(selected)) {
    const definition = options.steps.get(step.type)!
    const values = fitting.get(step.id)!
    const told = new Set(collectReferences(step.parameters ?? {}).map(({ name }) => name))
    const variant = Object.fromEntries(others.flatMap(({ name }) => (told.has(name) ? [] : [[name, parameters[name]!]])))
    const contradiction =
      definition.checkRoles?.(values as never, tables.get(step.id)!).find(({ severity }) => severity !== 'warning') ??
      unknownColumns(step.id, definition, values, tables.get(step.id)!)[0]
    if (contradiction)
      throw new WorkbenchError('INVALID_INPUT', `"${step.id}" cannot run: ${contradiction.message}`, { details: { stepId: step.id } })
    const frozen =
      options.recorded?.(step.id) ??
      (await definition.freeze?.(values as never, {
        ...options.freeze,
        datasetVersion,
        model,
        parameters,
        variant,
        once,
        tables: tables.get(step.id)
      })) ??
      {}
    steps.set(step.id, createLiveStep(step, definition, values, frozen))
  }
  return { parameters, secrets, targetStep, steps }
}

function createOnce(): FreezeContext['once'] {
  const made = new Map<string, Promise<unknown>>()
  return <T>(key: string, make: () => Promise<T>): Promise<T> => {
    const found = (made.get(key) as Promise<T> | undefined) ?? make()
    made.set(key, found)
    return found
  }
}

/** The document of a checked text; names that name nothing are left to `prepareRun`. Throws INVALID_INPUT, or EVIDENCE_MISMATCH where that comes first, with all problems when one is an error. */
export function assertRunnable({ document, problems }: PipelineCheck): PipelineDocument {
  const errors = problems.filter((problem) => problem.severity === 'error' && !isUnknownName(problem))
  if (!document || errors.length) {
    const [first] = errors
    const where = first?.line === undefined ? '' : ` (line ${first.line}, column ${first.column ?? 1})`
    throw new WorkbenchError(
      first?.code === 'EVIDENCE_MISMATCH' ? 'EVIDENCE_MISMATCH' : first?.code === 'SCRIPTS_OFF' ? 'FORBIDDEN' : 'INVALID_INPUT',
      `The pipeline cannot run${where}: ${first?.message ?? 'it cannot be read.'}${errors.length > 1 ? ` There ${errors.length === 2 ? 'is' : 'are'} ${countOf(errors.length - 1, 'more problem')}.` : ''}`,
      { details: { problems } }
    )
  }
  return document
}
