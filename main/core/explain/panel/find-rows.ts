import { WorkbenchError } from '../../../model/errors'
import { timeText, utc } from '../../../model/point-in-time'
import { answerNames } from '../../../model/tasks'
import type { ModelSignature } from '../../../model/training'
import type { FindRows, FoundRow, FoundRows } from '../../../model/what-if'
import { inspectArrowFile } from '../../../storage/arrow/inspect'
import { eachFrame, selectRows, type Frame } from '../../frames'
import { assertKinds } from '../../scored-models'
import { taskOf } from '../../tasks'
import { stack } from '../mixed-rows'
import { cellOf, type Cell } from '../summary'

/** Rows that an order is made of at most; of a longer table an even share is scored. */
const mostRanked = 100_000
/** Rows that are told. */
const mostTold = 30

type Score = (frame: Frame, signal?: AbortSignal) => Promise<Float64Array>

/** Some rows of a table with the answers to them. */
interface Answered {
  /** Places in the table, from 0. */
  places: Uint32Array
  /** [rows, outputs]. */
  scores: Float64Array
  /** The outcome, and what it is divided by, where the table has them. */
  outcomes: Frame
}

/** Finds rows of a table by a value of a column, or by what the model answers to them. */
export class RowFinder {
  private ranked: { answers: Promise<Answered>; signal?: AbortSignal } | undefined
  private readonly outputs: readonly string[]

  constructor(
    private readonly table: { path: string; rows: number },
    private readonly signature: ModelSignature,
    private readonly score: Score
  ) {
    this.outputs = answerNames(signature)
  }

  /** @throws WorkbenchError INVALID_INPUT for a column that the table does not have, and where no outcome is known that could surprise; CANCELLED */
  async find(asked: FindRows, signal?: AbortSignal): Promise<FoundRows> {
    if (asked.by === 'value') return this.withValue(asked.column, asked.value.trim(), signal)
    const answered = await this.ranking(signal)
    const { order, name } = asked.by === 'surprising' ? this.bySurprise(answered) : { order: this.byScore(answered, asked.by) }
    return {
      rows: order.slice(0, mostTold).map((at) => this.tell(answered, at)),
      matches: order.length,
      looked: answered.places.length,
      ...(name !== undefined && { measure: name })
    }
  }

  /** Scored once: each order is of the same answers. It ends with the signal of whoever asked first; others that wait for it begin anew. */
  private async ranking(signal?: AbortSignal): Promise<Answered> {
    const isFirst = this.ranked === undefined
    const ranked = (this.ranked ??= { answers: this.answer(evenly(this.table.rows), signal), signal })
    try {
      return await ranked.answers
    } catch (error) {
      if (this.ranked === ranked) this.ranked = undefined
      if (!isFirst && ranked.signal?.aborted && !signal?.aborted) return this.ranking(signal)
      throw error
    }
  }

  private async withValue(column: string, text: string, signal?: AbortSignal): Promise<FoundRows> {
    const { places, values, matches } = await placesWith(this.table.path, column, text, signal)
    const wanted = new Set(places)
    const answered = await this.answer((row) => wanted.has(row), signal)
    const rows = Array.from(answered.places, (place, at) => ({ ...this.tell(answered, at), value: values[places.indexOf(place)]! }))
    return { rows, matches, looked: this.table.rows }
  }

  /** Of several classes by the probability of the likeliest: how sure the model is. */
  private byScore({ places, scores }: Answered, by: 'highest' | 'lowest'): number[] {
    const width = this.outputs.length
    const figures = Array.from(places, (_, at) => Math.max(...scores.subarray(at * width, (at + 1) * width)))
    return sorted(figures, by === 'highest' ? -1 : 1)
  }

  /** The largest loss first, by the loss that the task judges rows by. */
  private bySurprise({ scores, outcomes }: Answered): { order: number[]; name: string } {
    const { target } = this.signature
    const width = this.outputs.length
    const fail = (cause?: unknown): never => {
      throw new WorkbenchError(
        'INVALID_INPUT',
        `What happened is not known of these rows: they have no "${target.name}" that the model could have answered. Choose another order.`,
        { cause }
      )
    }
    if (!outcomes.columns.has(target.name)) return fail()
    const task = taskOf(this.signature)
    const exposure = 'exposure' in target ? target.exposure : undefined
    try {
      const { target: known } = task.rowsToJudge(outcomes, target.name, target, { exposure })
      const own = Float64Array.from(
        { length: known.rows.length * width },
        (_, at) => scores[known.rows[Math.floor(at / width)]! * width + (at % width)]!
      )
      const { losses, name } = task.losses({ labels: known.labels, weights: null }, own, target)
      return { order: sorted(Array.from(losses), -1).map((at) => known.rows[at]!), name }
    } catch (error) {
      if (error instanceof WorkbenchError && error.code === 'INVALID_INPUT') return fail(error)
      throw error
    }
  }

  private tell({ places, scores, outcomes }: Answered, at: number): FoundRow {
    const width = this.outputs.length
    const own = scores.subarray(at * width, (at + 1) * width)
    const likeliest = own.reduce((best, score, place) => (score > own[best]! ? place : best), 0)
    const { name } = this.signature.target
    return {
      row: places[at]! + 1,
      output: this.outputs[likeliest]!,
      score: own[likeliest]!,
      ...(outcomes.columns.has(name) && { outcome: textOf(cellOf(outcomes, name, at), outcomes.columns.get(name)!.kind) })
    }
  }

  /** Answers to the wanted rows, in the memory of their scores and outcomes. */
  private async answer(isWanted: (row: number) => boolean, signal?: AbortSignal): Promise<Answered> {
    const { inputs, target } = this.signature
    const has = new Set((await inspectArrowFile(this.table.path)).columns.map(({ name }) => name))
    const known = [target.name, 'exposure' in target ? target.exposure : undefined].filter((name) => name !== undefined && has.has(name))
    const places: number[] = []
    const scores: Float64Array[] = []
    let outcomes: Frame | undefined
    let before = 0
    await eachFrame(
      this.table.path,
      [...new Set([...inputs.map(({ name }) => name), ...known])] as string[],
      async (frame) => {
        assertKinds(this.signature, frame, before)
        const rows = Uint32Array.from({ length: frame.rows }, (_, row) => row).filter((row) => isWanted(before + row))
        if (rows.length > 0) {
          const part = selectRows(frame, rows)
          scores.push(await this.score(part, signal))
          for (const row of rows) places.push(before + row)
          const told: Frame = { rows: part.rows, columns: new Map([...part.columns].filter(([name]) => known.includes(name))) }
          outcomes = outcomes ? stack(outcomes, told) : told
        }
        before += frame.rows
      },
      signal
    )
    return { places: Uint32Array.from(places), scores: joined(scores), outcomes: outcomes ?? { rows: 0, columns: new Map() } }
  }
}

/** Which rows stand for a table of so many. */
function evenly(rows: number): (row: number) => boolean {
  const step = Math.max(1, rows / mostRanked)
  return (row) => row === 0 || Math.floor(row / step) !== Math.floor((row - 1) / step)
}

/** Places by their figure, ties in the order of the table; without those that have none. */
function sorted(figures: readonly number[], direction: 1 | -1): number[] {
  const places = figures.map((_, at) => at).filter((at) => figures[at] === figures[at])
  return places.sort((a, b) => direction * (figures[a]! - figures[b]!) || a - b)
}

function joined(parts: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

/** A value as people know a case by it: all digits of a number, a point in time as UTC, a truth by its word. */
function textOf(value: Cell, kind: string): string | null {
  if (value === null) return null
  if (kind === 'boolean') return String(value === 1)
  return kind === 'timestamp' ? timeText(value as number) : String(value)
}

/**
 * The first rows whose value is the text; where no text is quite that, those that hold it, whatever the case. A number, a truth or a point
 * in time is compared as such.
 */
async function placesWith(
  path: string,
  column: string,
  text: string,
  signal?: AbortSignal
): Promise<{ places: number[]; values: (string | null)[]; matches: number }> {
  const { columns } = await inspectArrowFile(path)
  if (!columns.some(({ name }) => name === column))
    throw new WorkbenchError('INVALID_INPUT', `The rows have no column "${column}". Choose one of theirs.`)
  const exact = { places: [] as number[], values: [] as (string | null)[], matches: 0 }
  const held: typeof exact = { places: [], values: [], matches: 0 }
  let before = 0
  await eachFrame(
    path,
    [column],
    (frame) => {
      const { kind } = frame.columns.get(column)!
      for (let row = 0; row < frame.rows; row++) {
        const value = cellOf(frame, column, row)
        const how = alike(value, kind, text)
        if (how === null) continue
        const into = how === 'exact' ? exact : held
        into.matches++
        if (into.places.length < mostTold) {
          into.places.push(before + row)
          into.values.push(textOf(value, kind))
        }
      }
      before += frame.rows
    },
    signal
  )
  return exact.matches > 0 ? exact : held
}

function alike(value: Cell, kind: string, text: string): 'exact' | 'held' | null {
  if (value === null || text === '') return null
  if (kind === 'timestamp') return utc(value as number).startsWith(text.replace(' ', 'T')) ? 'exact' : null
  if (typeof value === 'number' && kind !== 'boolean') return value === Number(text) ? 'exact' : null
  const own = textOf(value, kind)!
  if (own === text) return 'exact'
  return own.toLowerCase().includes(text.toLowerCase()) ? 'held' : null
}
