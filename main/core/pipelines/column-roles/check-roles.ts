import type { PipelineCheck, PipelineDocument, PipelineProblem, PipelineStep } from '../../../model/pipeline'
import type { StepRegistry } from '../define-step'
import { fitParameters } from '../fit-parameters'
import { parsePipeline } from '../pipeline-document'
import { collectReferences, substituteParameters } from '../substitute-parameters'
import { checkPipeline } from '../validate-pipeline'
import type { ColumnLookup } from './column-lookup'
import { deriveTables } from './derive-tables'

/** Parses and checks a text, and says where its steps contradict what Data says of the columns. */
export async function checkPipelineWithRoles(text: string, steps: StepRegistry, lookup: ColumnLookup): Promise<PipelineCheck> {
  const check = checkPipeline(text, steps)
  if (!check.document) return check
  const found = await roleProblems(check.document, steps, lookup)
  if (found.length === 0) return check
  const { locate } = parsePipeline(text)
  const at = (id: string | undefined): number => check.document!.steps.findIndex((step) => step.id === id)
  const placed = found.map((problem) => ({
    ...problem,
    ...locate(['steps', at(problem.stepId), 'parameters', ...(problem.parameter ? [problem.parameter] : [])])
  }))
  return { ...check, problems: [...check.problems, ...placed] }
}

/** The contradictions of the steps whose parameters are complete. */
async function roleProblems(document: PipelineDocument, steps: StepRegistry, lookup: ColumnLookup): Promise<PipelineProblem[]> {
  const parametersOf = parametersByDefault(document, steps)
  const tables = await deriveTables(document, steps, parametersOf, lookup)
  return document.steps.flatMap((step) => {
    const parameters = parametersOf(step)
    const problems =
      parameters === undefined ? [] : (steps.get(step.type)?.checkRoles?.(parameters as never, tables.get(step.id) ?? {}) ?? [])
    return problems.map((problem): PipelineProblem => ({ code: 'COLUMN_ROLE', severity: 'error', stepId: step.id, ...problem }))
  })
}

/** The parameters that a step has with the defaults of the pipeline; undefined while one is missing or does not fit. */
function parametersByDefault(document: PipelineDocument, steps: StepRegistry): (step: PipelineStep) => unknown {
  const declared = document.parameters ?? []
  const values = Object.fromEntries(declared.flatMap(({ name, default: value }) => (value === undefined ? [] : [[name, value]])))
  return (step) => {
    const given = step.parameters ?? {}
    if (collectReferences(given).some(({ name }) => !Object.hasOwn(values, name))) return undefined
    const definition = steps.get(step.type)
    return definition && fitParameters(definition, substituteParameters(given, values)).data
  }
}
