import type { PipelineCheck, PipelineDocument, PipelineProblem, PipelineStep, StepColumns } from '../../../model/pipeline'
import type { StepRegistry } from '../define-step'
import { fitParameters } from '../fit-parameters'
import { inTurns, piecewise } from '../pieces'
import { collectReferences } from '../substitute-parameters'
import { checkText } from '../validate-pipeline'
import { unknownNames, type Absence, type UnplacedProblem } from './check-names'
import type { ColumnLookup } from './column-lookup'
import { deriveTables } from './derive-tables'
import { columnsByName, hasUnlisted, type TableFacts } from './table-facts'

type StepTables = Awaited<ReturnType<typeof deriveTables>>

/**
 * Parses and checks a text, and says where its steps contradict what Data says of the columns and, with `absence`, where they name
 * datasets, policies and columns that there are not.
 */
export async function checkPipelineWithRoles(
  text: string,
  steps: StepRegistry,
  lookup: ColumnLookup,
  absence?: Absence
): Promise<PipelineCheck> {
  const { locate, sound, ...check } = await inTurns(checkText(text, steps))
  if (!sound) return check
  const { document } = sound
  const parametersOf = parametersByDefault(document, steps)
  const tables = await deriveTables(document, steps, parametersOf, lookup)
  const problems = check.problems.map((problem) => withAdvice(problem, document, steps, tables))
  const found = [
    ...(await roleProblems(document, steps, parametersOf, tables)),
    ...(absence ? await unknownNames(document, steps, parametersOf, tables, absence) : [])
  ]
  const at = (id: string | undefined): number => document.steps.findIndex((step) => step.id === id)
  const placed = found.flatMap(({ path, ...problem }) => {
    const place = ['steps', at(problem.stepId), 'parameters', ...path]
    // What is said of columns holds only where all that a step reads could be read.
    const isOfColumns = problem.code === 'COLUMN_ROLE' || problem.code === 'UNKNOWN_COLUMN'
    return isOfColumns && sound.isUnsure(problem.stepId!) ? [] : sound.told({ ...problem, ...locate(place) }, place)
  })
  return { ...check, problems: [...problems, ...placed], ...(check.document && { columns: offeredColumns(tables) }) }
}

/** Most columns that are told of one check: a form of a wider pipeline takes names as text. */
const MOST_OFFERED = 20_000

function offeredColumns(tables: StepTables): StepColumns[] {
  let left = MOST_OFFERED
  return [...tables].map(([stepId, inputs]) => {
    const found = columnsOfStep(stepId, Object.values(inputs))
    if (found.columns.length > left) return { stepId, columns: [], isOpen: true }
    left -= found.columns.length
    return found
  })
}

/** What a form offers to choose from. A column keeps its type where it comes unchanged out of a dataset. */
function columnsOfStep(stepId: string, tables: readonly TableFacts[]): StepColumns {
  const columns = new Map<string, StepColumns['columns'][number]>()
  for (const table of tables)
    for (const [name, { role, sources }] of columnsByName(table))
      if (!columns.has(name))
        columns.set(name, { name, role, type: role === null || sources.length !== 1 ? null : (sources[0]!.type ?? null) })
  return { stepId, columns: [...columns.values()], isOpen: tables.length === 0 || tables.some(hasUnlisted) }
}

/** A missing parameter with what the roles of the columns say of it; asked while the parameters of the step are incomplete. */
function withAdvice(problem: PipelineProblem, document: PipelineDocument, steps: StepRegistry, tables: StepTables): PipelineProblem {
  const step = document.steps.find(({ id }) => id === problem.stepId)
  if (problem.code !== 'MISSING_PARAMETER' || !step || problem.parameter === undefined) return problem
  const advice = steps.get(step.type)?.adviseMissing?.(problem.parameter, tables.get(step.id) ?? {})
  return advice ? { ...problem, message: `${problem.message} ${advice}` } : problem
}

/** The contradictions of the steps whose parameters are complete. */
async function roleProblems(
  document: PipelineDocument,
  steps: StepRegistry,
  parametersOf: (step: PipelineStep) => unknown,
  tables: StepTables
): Promise<UnplacedProblem[]> {
  const found: UnplacedProblem[] = []
  for await (const step of piecewise(document.steps)) {
    const { checkRoles } = steps.get(step.type) ?? {}
    const parameters = checkRoles && parametersOf(step)
    const problems = parameters === undefined ? [] : (checkRoles!(parameters as never, tables.get(step.id) ?? {}) ?? [])
    found.push(
      ...problems.map((problem): UnplacedProblem => ({
        code: 'COLUMN_ROLE',
        severity: 'error',
        stepId: step.id,
        path: problem.parameter ? [problem.parameter] : [],
        ...problem
      }))
    )
  }
  return found
}

/** The parameters that a step has with the defaults of the pipeline; undefined while one is missing or does not fit. */
function parametersByDefault(document: PipelineDocument, steps: StepRegistry): (step: PipelineStep) => unknown {
  const declared = document.parameters ?? []
  const values = Object.fromEntries(declared.flatMap(({ name, default: value }) => (value === undefined ? [] : [[name, value]])))
  return (step) => {
    const given = step.parameters ?? {}
    if (collectReferences(given).some(({ name }) => !Object.hasOwn(values, name))) return undefined
    const definition = steps.get(step.type)
    return definition && fitParameters(definition, given, values).data
  }
}
