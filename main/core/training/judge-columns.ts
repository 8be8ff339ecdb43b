import type { Evaluation } from '../../model/evaluation'
import { unlistedOf, unlistedWords, type ModelSignature } from '../../model/training'
import { columnOf, selectRows, type Frame } from '../frames'
import type { Task } from '../tasks'
import { shuffleColumns, type Skill } from './importance'
import type { LabelledRows } from './learning-rows'
import { scoreFrame } from './scoring/score-table'
import type { ModelScorer } from './scoring/protocol'

/** Rows that are scored at most to find what each column matters. */
export const usualBudget = 200_000

/**
 * What the figure of skill loses on the judged rows when a column is shuffled, most important first: asked of the exported model, whoever made
 * it. Null when there are too few rows, or too many columns for the budget.
 */
export async function judgeColumns(
  task: Task,
  scorer: ModelScorer,
  signature: ModelSignature,
  { frame, labels, weights }: LabelledRows,
  { seed, budget, clusters, signal }: { seed: number; budget: number; clusters?: Uint32Array | null; signal?: AbortSignal }
): Promise<NonNullable<Evaluation['importance']> | null> {
  const names = signature.inputs.map(({ name }) => name)
  const shuffling = { labels, weights, columns: names.length, seed, clusters, budget, signal }
  const skill: Skill = (outcomes, scores) => task.skill(outcomes, scores, signature.target)
  const found = await shuffleColumns(skill, shuffling, async (rows, shuffled) => {
    const picked = selectRows(frame, rows)
    if (shuffled) {
      const name = names[shuffled.column]!
      const only: Frame = { rows: frame.rows, columns: new Map([[name, columnOf(frame, name)]]) }
      picked.columns.set(name, selectRows(only, shuffled.order).columns.get(name)!)
    }
    return (await scoreFrame(scorer, signature, picked, signal)).scores
  })
  if (!found) return null
  const columns = found.columns.map(({ permutation, low, high }, index) => ({ feature: names[index]!, value: permutation, low, high }))
  return {
    rows: found.rows,
    repeats: found.repeats,
    columns: columns.sort((a, b) => b.value - a.value || (a.feature < b.feature ? -1 : 1))
  }
}

const mostExamples = 5
/** A column is warned of where more than this share of the rows has texts that are not listed, and twice the share that training had. */
const usualShare = 0.02

/** Texts of the judged rows that are not among the categories of the model, by column; only columns with some. */
export function unlistedTexts(frame: Frame, { inputs }: ModelSignature): NonNullable<Evaluation['unlisted']> {
  return inputs.flatMap((input) => {
    const column = columnOf(frame, input.name)
    const countsAs = unlistedOf(input)
    if (column.kind !== 'category' || !input.categories || countsAs === null) return []
    const listed = new Set(input.categories)
    const counts = new Map<number, number>()
    for (const code of column.codes) if (code >= 0 && !listed.has(column.categories[code]!)) counts.set(code, (counts.get(code) ?? 0) + 1)
    const rows = [...counts.values()].reduce((sum, count) => sum + count, 0)
    if (rows === 0) return []
    const most = [...counts].sort(([a, x], [b, y]) => y - x || a - b).slice(0, mostExamples)
    return [
      {
        column: input.name,
        rows,
        share: rows / frame.rows,
        shareInTraining: input.unlistedShare ?? null,
        texts: counts.size,
        examples: most.map(([code]) => column.categories[code]!),
        countsAs
      }
    ]
  })
}

/** Says of which columns more texts are not listed than training would make one expect. */
export const unlistedWarnings = (found: NonNullable<Evaluation['unlisted']>): string[] =>
  found
    .filter(({ share, shareInTraining }) => share > usualShare && share > 2 * (shareInTraining ?? 0))
    .map(
      ({ column, rows, share, texts, examples, countsAs }) =>
        `The column "${column}" has ${rows === 1 ? 'a text' : 'texts'} in ${rows} rows (${(share * 100).toFixed(1)}%) that the model does not tell apart, ${texts} different, such as ${examples.map((text) => JSON.stringify(text)).join(', ')}; each is scored as ${unlistedWords[countsAs]}. Check the spelling, or train on rows that have them.`
    )
