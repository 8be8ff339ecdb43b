import { countOf } from '../../../model/count-of'
import type { Counterfactuals, WantedAnswer } from '../../../model/counterfactual'
import { WorkbenchError } from '../../../model/errors'
import { answerNames } from '../../../model/tasks'
import type { ModelSignature } from '../../../model/training'
import type { Frame } from '../../frames'
import type { ModelExplainer } from '../model-explainer'
import { cellWords, inWords } from '../narrative'
import { movesOf, type Movable, type Rules } from './moves'
import { nearestOfEach, refine } from './refine'
import { Asker, searchChanges, type Change } from './search'
import { goalOf, type Goal } from './wanted'

export interface CounterfactualOptions {
  signature: ModelSignature
  /** One row. */
  row: Frame
  /** Its number, from 1. */
  number: number
  /** Rows whose values are tried, and whose ranges distances are of: those of the training. */
  training: Frame
  wanted?: WantedAnswer
  /** From which score on the model decides for the event; what its signature says, else a half, where it is not given. */
  decidesFrom?: number | null
  rules?: Rules
  /** Ways that are told, each by other columns; 3 by default. */
  count?: number
  /** Columns that are changed together at most; 4 by default. */
  most?: number
  signal?: AbortSignal
}

export const usualCounterfactuals = { count: 3, most: 4 } as const

/**
 * The nearest rows that get another answer (Wachter et al. 2017) among those that a search over values of the training rows finds, which does
 * not try all: fewest columns first, then the least Gower distance. Deterministic; each is answered by the exported file and keeps the rules. That none is found is an answer too.
 * @throws WorkbenchError INVALID_INPUT for a row or rule that cannot be, CANCELLED
 */
export async function nearestCounterfactuals(
  explainer: Pick<ModelExplainer, 'score'>,
  options: CounterfactualOptions
): Promise<Counterfactuals> {
  const {
    signature,
    row,
    number,
    training,
    rules = {},
    count = usualCounterfactuals.count,
    most = usualCounterfactuals.most,
    signal
  } = options
  if (row.rows !== 1) throw new WorkbenchError('INVALID_INPUT', `${countOf(row.rows, 'row')} were given where one was expected.`)
  if (training.rows === 0)
    throw new WorkbenchError('INVALID_INPUT', 'There are no training rows whose values could be tried. Give a table with some.')
  const columns = signature.inputs.length
  const movable = movesOf(signature, row, training, rules)
  const present = await explainer.score(row, signal)
  if (!present.every(Number.isFinite))
    throw new WorkbenchError(
      'INVALID_INPUT',
      `The model has no finite answer to row ${number}, so none is nearer to another. Look at its values.`
    )
  const goal = goalOf(signature, present, options.wanted, options.decidesFrom)
  const search = {
    row,
    width: answerNames(signature).length,
    movable,
    goal,
    score: (frame: Frame) => explainer.score(frame, signal),
    most,
    count,
    signal
  }
  const asker = new Asker(search)
  const isReached = goal.miss(present) <= 0
  const rough = isReached ? [] : nearestOfEach(await searchChanges(search, asker)).slice(0, 4 * count)
  const refined: Change[] = []
  for (const change of rough) refined.push(await refine(change, movable, asker, signal))
  const chosen = nearestOfEach(refined).slice(0, count)
  // Asked once more as they are told: what is not answered so is not told.
  const found = (await asker.ask(chosen.map(({ to }) => to))).filter(({ miss }) => miss <= 0)
  const immutable = signature.inputs.map(({ name }) => name).filter((name) => rules[name]?.immutable)
  const told = found.map(({ to, cost, scores }) => ({
    score: scores[goal.place]!,
    distance: cost / columns,
    changes: movable.filter(({ place }) => to.has(place)).map(({ name, place, from }) => ({ feature: name, from, to: to.get(place)! }))
  }))
  const kinds = new Map(movable.map(({ name, kind }) => [name, kind]))
  const narrative = isReached
    ? [`The answer to row ${number} is what is wanted already: ${goal.words}.`]
    : narrate(number, goal, told, kinds, { asked: asker.asked, most: Math.min(most, movable.length) })
  return {
    row: number,
    output: goal.output,
    score: present[goal.place]!,
    wanted: goal.wanted,
    immutable,
    found: told,
    asked: asker.asked,
    narrative
  }
}

function narrate(
  row: number,
  { words }: Goal,
  found: Counterfactuals['found'],
  kinds: ReadonlyMap<string, Movable['kind']>,
  { asked, most }: { asked: number; most: number }
): string[] {
  if (found.length === 0)
    return [
      `No change of up to ${countOf(most, 'column')} within the rules was found that gives row ${row} ${words}. The search is not complete: it put ${countOf(asked, 'changed row')} to the model.`
    ]
  return [
    ...found.map(({ changes, score }) => {
      const what = changes.map(
        ({ feature, from, to }) =>
          `"${feature}" were ${cellWords(to, kinds.get(feature))} instead of ${cellWords(from, kinds.get(feature))}`
      )
      return `Row ${row} would get ${inWords(score)} if ${what.join(' and ')}.`
    }),
    `Wanted was ${words}. These are the nearest that were found, with ${countOf(asked, 'changed row')} put to the model. The model would answer so; whether such a change can be made, or would change the outcome in the world, it does not know.`
  ]
}
