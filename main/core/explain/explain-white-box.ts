import { breathe } from '../numerics'
import type { RowTensor } from './graph/values'
import type { Meeting } from './meeting'
import { jointValues, meanOf } from './sum-values'
import { TreeShap, type TreeMethod } from './trees/tree-shap'
import type { Computer, SumPart, WhiteBox } from './white-box'

/** Rows of a table as a graph takes them; `pick` gives some of them, in any order and as often as named. */
export interface Feeds {
  rows: number
  tensors: ReadonlyMap<string, RowTensor>
}

/** Values of rows: `contributions` is [rows, columns of the table, outputs], `margins` [rows, outputs]. */
export interface Explained {
  contributions: Float64Array
  margins: Float64Array
}

/** Parts over the same columns, what computes them, and the background where these columns meet. */
interface Joint {
  parts: SumPart[]
  meeting: Meeting
  background: Feeds
}

/** Mixtures whose values are kept. */
const mostKnown = 4096

/** Explains rows of a model that is a sum, against a background. */
export class WhiteBoxExplainer {
  /** Mean margin of the background, by output. */
  readonly base: Float64Array
  private readonly shaps: { input: string; shap: TreeShap }[]
  private readonly singles: { part: SumPart; mean: number }[] = []
  private readonly joints: Joint[]
  private readonly compute: Computer

  constructor(
    private readonly box: WhiteBox,
    private readonly players: number,
    background: Feeds,
    method: TreeMethod
  ) {
    this.compute = box.computerOf([...box.trees.map(({ input }) => input), ...box.sums.map(({ tensor }) => tensor)])
    const tensors = this.compute(background.tensors, background.rows)
    this.base = box.constant.slice()
    this.shaps = box.trees.map(({ input, trees, playerOf }) => {
      const shap = new TreeShap(trees, playerOf, players, box.outputs, { columns: tensors.get(input)!, rows: background.rows }, method)
      shap.base.forEach((base, output) => (this.base[output]! += base))
      return { input, shap }
    })
    const joints = new Map<string, SumPart[]>()
    for (const part of box.sums) {
      const mean = meanOf(tensors.get(part.tensor)![part.column]!)
      part.weights.forEach((weight, output) => (this.base[output]! += weight * mean))
      if (part.support.length === 1) this.singles.push({ part, mean })
      else if (part.support.length > 1) joints.set(part.support.join(), [...(joints.get(part.support.join()) ?? []), part])
    }
    this.joints = Array.from(joints.values(), (parts) => {
      const meeting = box.meetingOf(parts.map(({ tensor }) => tensor))
      return { parts, meeting, background: { rows: background.rows, tensors: meeting.before(background.tensors, background.rows) } }
    })
  }

  /** The margins are computed apart from the contributions, so that adding them up proves both. */
  async explain(feeds: Feeds, signal?: AbortSignal): Promise<Explained> {
    const { rows } = feeds
    const { outputs } = this.box
    const tensors = this.compute(feeds.tensors, rows)
    const contributions = new Float64Array(rows * this.players * outputs)
    const margins = await this.marginsOf(tensors, rows, signal)
    for (const { input, shap } of this.shaps) await shap.explain({ columns: tensors.get(input)!, rows }, contributions, signal)
    for (const { part, mean } of this.singles) {
      const values = tensors.get(part.tensor)![part.column]!
      for (let row = 0; row < rows; row++) this.add(contributions, row, part.support[0]!, part.weights, values[row]! - mean)
    }
    for (const joint of this.joints) {
      const mixed = new MeetingRows(joint, feeds)
      for (let row = 0; row < rows; row++) {
        await breathe(signal)
        this.addJoint(contributions, joint, mixed, row)
      }
    }
    return { contributions, margins }
  }

  /** Margins alone, [rows, outputs]. */
  margins({ tensors, rows }: Feeds, signal?: AbortSignal): Promise<Float64Array> {
    return this.marginsOf(this.compute(tensors, rows), rows, signal)
  }

  private async marginsOf(tensors: ReadonlyMap<string, Float64Array[]>, rows: number, signal?: AbortSignal): Promise<Float64Array> {
    const { outputs } = this.box
    const margins = new Float64Array(rows * outputs)
    for (let row = 0; row < rows; row++) margins.set(this.box.constant, row * outputs)
    for (const { input, shap } of this.shaps) await shap.score({ columns: tensors.get(input)!, rows }, margins, signal)
    for (const { tensor, column, weights } of this.box.sums) {
      const values = tensors.get(tensor)![column]!
      for (let row = 0; row < rows; row++)
        for (let output = 0; output < outputs; output++) margins[row * outputs + output]! += weights[output]! * values[row]!
    }
    return margins
  }

  private add(into: Float64Array, row: number, player: number, weights: Float64Array, value: number): void {
    const { outputs } = this.box
    const at = (row * this.players + player) * outputs
    for (let output = 0; output < outputs; output++) into[at + output]! += weights[output]! * value
  }

  private addJoint(into: Float64Array, { parts }: Joint, joint: MeetingRows, row: number): void {
    const { support } = parts[0]!
    for (const part of parts) {
      const values = jointValues(support, (fromRow) => joint.meanOf(part, row, fromRow))
      support.forEach((player, at) => this.add(into, row, player, part.weights, values[at]!))
    }
  }
}

/** Rows of the background with some columns as in one explained row, by what lies before the columns meet. */
class MeetingRows {
  private readonly before: ReadonlyMap<string, RowTensor>
  private readonly known = new Map<string, ReadonlyMap<string, number[]>>()

  constructor(
    private readonly joint: Joint,
    { tensors, rows }: Feeds
  ) {
    this.before = joint.meeting.before(tensors, rows)
  }

  /** A part's mean over the background, with the columns `fromRow` as in the row. */
  meanOf({ tensor, column }: SumPart, row: number, fromRow: ReadonlySet<number>): number {
    const key = this.stateOf(row, fromRow)
    let means = this.known.get(key)
    if (!means) {
      const { background, meeting } = this.joint
      const values = meeting.after(hybrid(this.before, row, fromRow, background), background.rows)
      means = new Map([...values].map(([name, columns]) => [name, columns.map(meanOf)]))
      if (this.known.size >= mostKnown) this.known.clear()
      this.known.set(key, means)
    }
    return means.get(tensor)![column]!
  }

  /** Rows that look the same where the columns meet, as those of one bin do, have the same mean. */
  private stateOf(row: number, fromRow: ReadonlySet<number>): string {
    const own = [...this.before.values()].flatMap(({ columns }) =>
      columns.map((column) => (column.support.some((player) => fromRow.has(player)) ? (column.numbers ?? column.texts)[row] : null))
    )
    return JSON.stringify([[...fromRow], own])
  }
}

/** Rows of the background with some columns as in one explained row. */
function hybrid(
  own: ReadonlyMap<string, RowTensor>,
  row: number,
  fromRow: ReadonlySet<number>,
  background: Feeds
): ReadonlyMap<string, RowTensor> {
  return new Map(
    [...background.tensors].map(([name, tensor]) => [
      name,
      {
        ...tensor,
        columns: tensor.columns.map((column, at) => {
          if (!column.support.some((player) => fromRow.has(player))) return column
          const { support, numbers, texts } = own.get(name)!.columns[at]!
          return numbers
            ? { support, numbers: new Float64Array(background.rows).fill(numbers[row]!) }
            : { support, texts: new Array<string>(background.rows).fill(texts[row]!) }
        })
      }
    ])
  )
}
