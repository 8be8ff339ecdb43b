import type { PipelineDocument, PipelineStep } from '../../../main/model/pipeline'

export interface DocumentChanges {
  added: string[]
  removed: string[]
  /** What differs in a step: `parameters.query`, `inputs.table`, `title`. Places on the canvas are not among it. */
  changed: { stepId: string; parts: string[] }[]
  moved: string[]
  /** Parts of the pipeline itself: `title`, `parameters`. */
  pipeline: string[]
}

/** What a version does differently from another one, step by step. A renamed step counts as removed and added. */
export function collectDocumentChanges(before: PipelineDocument, after: PipelineDocument): DocumentChanges {
  const old = new Map(before.steps.map((step) => [step.id, step]))
  const ids = new Set(after.steps.map((step) => step.id))
  const kept = after.steps.flatMap((step): [PipelineStep, PipelineStep][] => {
    const former = old.get(step.id)
    return former ? [[former, step]] : []
  })
  return {
    added: [...ids].filter((id) => !old.has(id)),
    removed: [...old.keys()].filter((id) => !ids.has(id)),
    changed: kept.flatMap(([former, step]) => {
      const parts = differentParts({ ...former, position: undefined }, { ...step, position: undefined })
      return parts.length ? [{ stepId: step.id, parts }] : []
    }),
    moved: kept.flatMap(([former, step]) => (JSON.stringify(former.position) === JSON.stringify(step.position) ? [] : [step.id])),
    pipeline: differentParts(
      { ...before, steps: undefined, parameters: undefined },
      { ...after, steps: undefined, parameters: undefined }
    ).concat(JSON.stringify(before.parameters ?? []) === JSON.stringify(after.parameters ?? []) ? [] : ['parameters'])
  }
}

type Parts = Record<string, unknown>
const isRecord = (value: unknown): value is Parts => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Keys whose values differ; of inputs and parameters each by itself. */
function differentParts(before: Parts, after: Parts): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((key) => {
    const [a, b] = [before[key], after[key]]
    if (JSON.stringify(a) === JSON.stringify(b)) return []
    if (key !== 'inputs' && key !== 'parameters') return [key]
    return differentParts(isRecord(a) ? a : {}, isRecord(b) ? b : {}).map((part) => `${key}.${part}`)
  })
}
