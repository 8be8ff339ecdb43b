import type { PipelineDocument, PipelineProblem, PipelineStep } from '../../model/pipeline'
import type { SchemaProblem } from '../../model/schema-words'
import type { AnyStep } from './define-step'
import { fitParameters } from './fit-parameters'
import { collectReferences, sampleValue } from './substitute-parameters'

type Found = Omit<PipelineProblem, 'severity'> & {
  /** A name that is not there, and those that are. */
  mistaken?: { name: string; among: Iterable<string> }
}
/** Adds what was found at a place of the document. */
export type Add = (path: PropertyKey[], problem: Found, severity?: PipelineProblem['severity']) => void

type Declared = ReadonlyMap<string, NonNullable<PipelineDocument['parameters']>[number]>

/** What is wrong with the parameters of a step. `isWhole` where all its inputs could be read: what does not fit them is looked for only then. */
export function checkParameters(
  document: PipelineDocument,
  step: PipelineStep,
  index: number,
  definition: AnyStep,
  add: Add,
  isWhole: boolean
): void {
  const path = ['steps', index, 'parameters']
  const declared = new Map((document.parameters ?? []).map((p) => [p.name, p]))
  const open = checkReferences(step, path, declared, add)
  if (!open) return
  const values = Object.fromEntries((document.parameters ?? []).map((p) => [p.name, p.default ?? sampleValue(p)]))
  const parsed = fitParameters(definition, step.parameters ?? {}, values)
  if (!parsed.success) {
    for (const problem of parsed.problems) {
      const at = problem.path.map(String).join('.')
      if (!open.has(at)) add([...path, ...problem.path], parameterProblem(step, problem, at))
    }
    return
  }
  for (const name of definition.secrets?.(parsed.data as never) ?? [])
    if (declared.get(name)?.type !== 'secret')
      add([...path, 'secrets'], {
        code: 'UNKNOWN_PARAMETER',
        stepId: step.id,
        parameter: 'secrets',
        message: `"${step.id}" asks for the secret "${name}", and the pipeline has no parameter of that name with the type secret. Declare it under "parameters".`
      })
  if (!isWhole) return
  for (const problem of definition.check?.(parsed.data as never, { inputs: Object.keys(step.inputs ?? {}) }) ?? [])
    add([...path, ...(problem.parameter ? [problem.parameter] : [])], { code: 'INVALID_PARAMETER', stepId: step.id, ...problem })
}

/** The places that a run gives a value; undefined where a step asks for a parameter that it cannot have. */
function checkReferences(step: PipelineStep, path: PropertyKey[], declared: Declared, add: Add): Set<string> | undefined {
  const open = new Set<string>()
  let unknown = false
  for (const reference of collectReferences(step.parameters ?? {})) {
    const parameter = declared.get(reference.name)
    const about = { stepId: step.id, parameter: reference.path.join('.') }
    if (!parameter) {
      unknown = true
      add([...path, ...reference.path], {
        code: 'UNKNOWN_PARAMETER',
        ...about,
        message: `"${step.id}" uses the pipeline parameter "${reference.name}", which is not declared. Declare it under "parameters".`,
        mistaken: { name: reference.name, among: declared.keys() }
      })
    } else if (parameter.type === 'secret') {
      unknown = true
      add([...path, ...reference.path], {
        code: 'INVALID_PARAMETER',
        ...about,
        message: `"${step.id}" writes the secret "${reference.name}" into its parameters, which are recorded. Name it under "secrets" of a script instead: the program finds it in its environment.`
      })
    } else if (parameter.default === undefined) open.add(reference.path.join('.'))
  }
  return unknown ? undefined : open
}

function parameterProblem(step: PipelineStep, { path, words, isKey, isMissing, next }: SchemaProblem, at: string): Found {
  const within = isKey ? path.slice(0, -1).map(String).join('.') : at
  const where = `"${step.id}"${within ? `, parameter "${within}"` : ''}`
  const about = { stepId: step.id, parameter: isKey ? String(path.at(-1)) : at }
  if (isKey) return { code: 'INVALID_PARAMETER', ...about, message: `${where} has no parameter "${about.parameter}".${next}` }
  if (isMissing) return { code: 'MISSING_PARAMETER', ...about, message: `"${step.id}" needs the parameter "${at}". Fill it in.` }
  return { code: 'INVALID_PARAMETER', ...about, message: `${where}: ${words}` }
}
