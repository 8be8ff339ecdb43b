import { MOST_FINDINGS, type ColumnCheck, type Found, type RowFinding, type RowReason } from '../../model/scoring'
import type { ModelSignature, SignatureInput } from '../../model/training'
import { columnOf, type Column, type Frame } from '../frames'

/** First rows that a column names of each finding. */
const firstRows = 10
/** Different texts that a column names. */
const namedTexts = 10

const nothing = (): Found => ({ rows: 0, first: [] })

/** One column of the signature and what was found in it so far. */
class CheckedColumn {
  readonly found: ColumnCheck
  private readonly known: ReadonlySet<string>

  constructor(private readonly input: SignatureInput) {
    const { name, kind, missingShare, range } = input
    this.known = new Set(input.categories ?? [])
    this.found = {
      column: name,
      kind,
      below: nothing(),
      above: nothing(),
      unseen: { ...nothing(), texts: [] },
      missing: nothing(),
      empty: 0,
      emptyShareInTraining: missingShare,
      ...(range && { range })
    }
  }

  /** Looks at the column of one batch; `tell(row in the batch, reason, value)` is called for each finding, in the order of the rows. */
  look(column: Column, rows: number, before: number, tell: (row: number, reason: RowReason, value: string | null) => void): void {
    const { range, missingShare } = this.input
    const isUnseen = column.kind === 'category' && this.input.categories ? column.categories.map((text) => !this.known.has(text)) : []
    for (let row = 0; row < rows; row++) {
      const reason = column.kind === 'category' ? reasonOfText(column.codes[row]!, isUnseen) : reasonOfNumber(column.values[row]!, range)
      if (reason === null) continue
      if (reason === 'missing') this.found.empty++
      if (reason === 'missing' && missingShare > 0) continue
      const one = this.found[reason]
      one.rows++
      if (one.first.length < firstRows) one.first.push(before + row + 1)
      const value = reason === 'missing' ? null : valueText(column, row)
      if (reason === 'unseen' && value !== null) this.nameText(value)
      tell(row, reason, value)
    }
  }

  private nameText(text: string): void {
    const { texts } = this.found.unseen
    if (texts.length < namedTexts && !texts.includes(text)) texts.push(text)
  }
}

const reasonOfText = (code: number, isUnseen: readonly boolean[]): RowReason | null =>
  code < 0 ? 'missing' : isUnseen[code] ? 'unseen' : null

function reasonOfNumber(value: number, range: SignatureInput['range']): RowReason | null {
  if (Number.isNaN(value)) return 'missing'
  if (!range) return null
  return value < range.min ? 'below' : value > range.max ? 'above' : null
}

function valueText(column: Column, row: number): string {
  if (column.kind === 'category') return column.categories[column.codes[row]!]!.slice(0, 80)
  const value = column.values[row]!
  return column.kind === 'timestamp' ? new Date(value * 1000).toISOString() : String(value)
}

/** Holds the columns of a table against what a model met in training, batch by batch: all findings are counted, the first are listed by row. */
export class ColumnChecks {
  readonly findings: RowFinding[] = []
  findingsInAll = 0
  rowsWithFindings = 0
  private rows = 0
  private readonly checked: readonly CheckedColumn[]

  /** @param lineOf the line of a text file that a row (from 1) stands in; null where rows have none */
  constructor(
    signature: ModelSignature,
    private readonly lineOf: (row: number) => number | null
  ) {
    this.checked = signature.inputs.map((input) => new CheckedColumn(input))
  }

  /** The next batch, in the order of the rows. */
  add(frame: Frame): void {
    const marked = new Uint8Array(frame.rows)
    const here: RowFinding[] = []
    const room = MOST_FINDINGS - this.findings.length
    for (const checked of this.checked) {
      const { column } = checked.found
      // Another column may have earlier rows, so each keeps as many as there is room for in all.
      let kept = 0
      checked.look(columnOf(frame, column), frame.rows, this.rows, (row, reason, value) => {
        this.findingsInAll++
        marked[row] = 1
        if (kept++ < room) here.push({ row: this.rows + row + 1, line: null, column, reason, value })
      })
    }
    for (const mark of marked) this.rowsWithFindings += mark
    here.sort((a, b) => a.row - b.row)
    for (const finding of here.slice(0, Math.max(0, room))) this.findings.push({ ...finding, line: this.lineOf(finding.row) })
    this.rows += frame.rows
  }

  get columns(): ColumnCheck[] {
    return this.checked.map(({ found }) => found)
  }
}
