import type { Explanation } from '../../model/explanation'
import type { ModelSignature } from '../../model/training'
import type { Frame } from '../frames'
import type { ExplainedRows } from './explained-rows'
import { tellTable } from './explained-table'
import type { ModelExplainer } from './model-explainer'
import { narrateModel } from './narrative'
import { additivityOf, dependenceOf, summarise } from './summary'

interface Described {
  model: Explanation['model']
  signature: ModelSignature
  frame: Frame
  found: ExplainedRows
  /** Which rows these are, where that is known. */
  explained?: Explanation['explained']
  from: Explanation['background']['from']
  seed: number
  /** What shuffling loses; undefined where nobody looked. */
  permutation?: Explanation['permutation']
}

/** The document of an explanation: what drove the answers to the rows, and how that was found. */
export function describe(
  explainer: ModelExplainer,
  { model, signature, frame, found, explained, from, seed, permutation }: Described
): Explanation {
  const facts: Omit<Explanation, 'narrative'> = {
    schema: 'drydock.contributions',
    version: 1,
    model,
    task: signature.task,
    target: signature.target.name,
    method: explainer.method,
    space: explainer.space,
    ...(explainer.calibrated && { calibrated: true }),
    blackBox: explainer.blackBoxReason,
    seed,
    rows: frame.rows,
    ...(explained && { explained }),
    background: { rows: explainer.background.rows, from },
    additivity: additivityOf(explainer, found),
    largestError: found.errors === null ? null : found.errors.reduce((a, b) => Math.max(a, b), 0),
    outputs: summarise(explainer, found),
    dependence: dependenceOf(explainer, frame, found),
    ...(permutation !== undefined && { permutation })
  }
  return { ...facts, narrative: [...narrateModel(facts), ...tellTable(explained)] }
}
