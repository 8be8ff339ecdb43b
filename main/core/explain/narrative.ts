import { countOf } from '../../model/count-of'
import { decideClass } from '../../model/class-decision'
import { decidedCosts } from '../../model/decision'
import { marginWords, methodWords, spaceWords, type ExplainedRow, type Explanation, type ReasonCodes } from '../../model/explanation'
import { utc } from '../../model/point-in-time'
import type { ModelSignature } from '../../model/training'
import type { Frame } from '../frames'
import type { ExplainedRows } from './explained-rows'
import { cellOf, type Cell } from './summary'

/** Columns that a narrative names one by one. */
const named = 4

export const inWords = (value: number): string => String(Number(value.toPrecision(4)))
const signedWords = (value: number): string => `${value < 0 ? '-' : '+'}${inWords(Math.abs(value))}`

export function cellWords(value: Cell, kind?: string): string {
  if (value === null) return 'missing'
  if (typeof value === 'string') return `"${value}"`
  return kind === 'timestamp' ? timeWords(value) : kind === 'boolean' ? String(value === 1) : inWords(value)
}

/** A point in time as UTC without what is zero. */
const timeWords = (seconds: number): string =>
  utc(seconds)
    .replace(/T00:00:00\.000Z$/, '')
    .replace(/(:00)?\.000Z$/, 'Z')

/** What drives the model over the rows, from the figures alone. */
export function narrateModel({
  rows,
  outputs,
  space,
  calibrated,
  method,
  background,
  blackBox,
  permutation
}: Omit<Explanation, 'narrative'>): string[] {
  return [
    ...outputs.map(({ name, base, features }) => {
      const total = features.reduce((sum, { mean }) => sum + mean, 0)
      const most = features.filter(({ mean }) => mean > 0).slice(0, named)
      const of = outputs.length > 1 ? `For the class "${name}" the` : 'The'
      if (most.length === 0) return `${of} columns changed no answer: each row got ${inWords(base)}.`
      const said = most.map(({ feature, mean }) => `"${feature}" (${inWords(mean)}, ${Math.round((100 * mean) / total)}% of all)`)
      return `${of} answers to ${countOf(rows, 'row')} start from ${inWords(base)}, the mean over ${countOf(background.rows, 'background row')}, and are moved most by ${said.join(', ')}.`
    }),
    ...(permutation ? [lossSentence(permutation)] : []),
    `Figures are in ${marginWords(space, calibrated)}. Method: ${methodWords[method]}.`,
    ...(blackBox === null ? [] : [`The file was explained as a black box, because it ${blackBox}.`]),
    'Contributions say what the model did with these values. They do not say that changing a value in the world would change the outcome.'
  ]
}

/** Columns whose loss is surely above zero, the largest first. */
function lossSentence({ metric, rows, features }: NonNullable<Explanation['permutation']>): string {
  const over = `${metric}, over ${countOf(rows, 'row')} with a known outcome`
  const sure = features.filter(({ low }) => low !== null && low > 0).slice(0, named)
  if (sure.length === 0) return `${over}: of no column surely more than nothing.`
  const words = sure.map(({ feature, loss, low, high }) => `"${feature}" ${inWords(loss)} (${inWords(low!)} to ${inWords(high!)})`)
  return `${over}: ${words.join(', ')}.`
}

interface Explaining {
  features: readonly string[]
  outputs: readonly string[]
  base: Float64Array
  /** Scores are corrected after the margin. */
  calibrated?: boolean
}

interface TellOptions {
  /** What the row is called; by default by its number. */
  called?: string
  /** Place of the outcome that is told; by default the one that is decided for. */
  output?: number
}

/** One row: what it got and which columns moved it, with the codes that the team's table has for them. */
export function tellRow(
  { features, outputs, base, calibrated }: Explaining,
  { signature, frame, found, row }: { signature: ModelSignature; frame: Frame; found: ExplainedRows; row: number },
  space: Explanation['space'],
  codes: ReasonCodes | null,
  { called = `row ${row + 1}`, output: chosen }: TellOptions = {}
): ExplainedRow {
  const output = chosen ?? decideClass(found.scores, row * outputs.length, outputs.length, decidedCosts(signature))
  const kinds = new Map(signature.inputs.map(({ name, kind }) => [name, kind]))
  const own = features.map((feature, at) => {
    const contribution = found.contributions[(row * features.length + at) * outputs.length + output]!
    const direction = contribution > 0 ? 'raises' : 'lowers'
    const code = contribution === 0 ? undefined : codes?.codes.find((each) => each.feature === feature && each.direction === direction)
    return { feature, value: cellOf(frame, feature, row), contribution, ...(code && { code: code.code, reason: code.text }) }
  })
  own.sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution) || (a.feature < b.feature ? -1 : 1))
  const told = {
    row: row + 1,
    output: outputs[output]!,
    base: base[output]!,
    margin: found.margins[row * outputs.length + output]!,
    score: found.scores[row * outputs.length + output]!,
    features: own
  }
  return { ...told, narrative: narrateRow(told, called, signature, { space, calibrated }, kinds) }
}

function narrateRow(
  { output, base, margin, score, features }: Omit<ExplainedRow, 'narrative'>,
  called: string,
  { target }: ModelSignature,
  { space, calibrated }: { space: Explanation['space']; calibrated?: boolean },
  kinds: ReadonlyMap<string, string>
): string[] {
  const isAmount = space === 'amount' || space === 'log-amount'
  const what = isAmount ? `"${target.name}" of ${inWords(score)}` : `a probability of ${inWords(score)} that "${target.name}" is ${output}`
  const words = ({ feature, value, contribution }: ExplainedRow['features'][number]): string =>
    `"${feature}" is ${cellWords(value, kinds.get(feature))} (${signedWords(contribution)})`
  const up = features.filter(({ contribution }) => contribution > 0).slice(0, named)
  const down = features.filter(({ contribution }) => contribution < 0).slice(0, named)
  const rest = features.filter((each) => !up.includes(each) && !down.includes(each))
  const left = rest.reduce((sum, { contribution }) => sum + contribution, 0)
  const inSpace = `${inWords(margin)}; rows get ${inWords(base)} on average`
  return [
    calibrated
      ? `The model gives ${called} ${what}. Before its probabilities were corrected it gave, in ${spaceWords[space]}, ${inSpace}.`
      : space === 'amount' || space === 'probability'
        ? `The model gives ${called} ${what}; rows get ${inWords(base)} on average.`
        : `The model gives ${called} ${what}. In ${spaceWords[space]} that is ${inSpace}.`,
    up.length === 0 ? 'No column raised it.' : `Raised by: ${up.map(words).join('; ')}.`,
    down.length === 0 ? 'No column lowered it.' : `Lowered by: ${down.map(words).join('; ')}.`,
    ...(rest.length === 0
      ? []
      : [`The other ${rest.length === 1 ? 'column' : `${countOf(rest.length, 'column')} together`}: ${signedWords(left)}.`])
  ]
}
