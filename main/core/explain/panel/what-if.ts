import { countOf } from '../../../model/count-of'
import type { AskedNearest, Counterfactuals } from '../../../model/counterfactual'
import { decidedCosts } from '../../../model/decision'
import { WorkbenchError } from '../../../model/errors'
import type { ReasonCodes } from '../../../model/explanation'
import type { FindRows, FoundRows, OpenPanel, PanelAnswer, RowValues } from '../../../model/what-if'
import { inspectArrowFile } from '../../../storage/arrow/inspect'
import type { Frame } from '../../frames'
import { nearestCounterfactuals } from '../counterfactual'
import { backgroundRows, mostValues } from '../explain-file'
import { tablesOf, type KnownModel } from '../known-model'
import { ModelExplainer } from '../model-explainer'
import { tellRow } from '../narrative'
import { rowOfFile, sampleRows } from '../read-rows'
import { decisionPage, type ChangedValue } from '../sheet'
import { around } from './around'
import { RowFinder } from './find-rows'
import { rowOfValues, unknownToTraining, usualValue, valuesOfRow } from './row-of-values'

export interface AskedRow {
  values: RowValues
  /** The outcome that is explained; the one that is decided for where it is not said. */
  output?: string
  /** The row of the test data, from 1, that the values began as. */
  row?: number
}

export interface AskedSheet extends AskedRow {
  /** The nearest rows with another answer stand on the sheet too. */
  nearest?: AskedNearest
}

/** Rows of the test data that are remembered, so that asking again does not read the table again. */
const mostKept = 50

/** A model that stands open, its scorer and explainer ready, to be asked about one row after the other. Close it. */
export class WhatIf {
  private readonly rows = new Map<number, Promise<RowValues>>()
  /** Rows whose values are tried where another answer is looked for: many more than a background. */
  private tried: Frame | undefined
  private readonly finder: RowFinder

  private constructor(
    private readonly model: KnownModel,
    private readonly explainer: ModelExplainer,
    private readonly codes: ReasonCodes | null,
    private readonly table: { path: string; rows: number; split: string; tried: string; columns: string[] },
    private readonly from: OpenPanel['background']['from']
  ) {
    this.finder = new RowFinder(table, model.signature, (frame, signal) => explainer.score(frame, signal))
  }

  /** @throws WorkbenchError what `ModelExplainer.open` and `tablesOf` throw */
  static async open(model: KnownModel, codes: ReasonCodes | null, signal?: AbortSignal): Promise<WhatIf> {
    const { rows, background: path } = tablesOf(model)
    const background = await sampleRows(path, model.signature, backgroundRows.auto, signal)
    const { rows: count, columns } = await inspectArrowFile(rows.table)
    const explainer = await ModelExplainer.open({ model: model.path, signature: model.signature, background, signal })
    const from = model.training === undefined ? 'explained rows' : 'training rows'
    const table = { path: rows.table, rows: count, split: rows.split, tried: path, columns: keysFirst(model, columns) }
    return new WhatIf(model, explainer, codes, table, from)
  }

  /** What a window needs to ask; `panel` is the name under which it does. */
  describe(panel: string): OpenPanel {
    const { model, explainer, table, from } = this
    return {
      panel,
      model: { name: model.name, sha256: model.sha256 },
      target: model.signature.target.name,
      method: explainer.method,
      space: explainer.space,
      ...(explainer.calibrated && { calibrated: true }),
      blackBox: explainer.blackBoxReason,
      background: { rows: explainer.background.rows, from },
      rows: table.rows === 0 ? null : { count: table.rows, split: table.split, columns: table.columns },
      outputs: [...explainer.outputs],
      decidesFrom: model.decidesFrom,
      ...(decidedCosts(model.signature) && { byCosts: true }),
      columns: model.signature.inputs.map(({ name, kind, unit, range, categories }) => ({
        ...{ name, kind, usual: usualValue(explainer.background, name) },
        ...(unit !== undefined && { unit }),
        ...(range && { range }),
        ...(categories && { texts: categories })
      }))
    }
  }

  /** The values of a row of the test data, from 1. @throws WorkbenchError INVALID_INPUT for a row that it does not have */
  row(row: number): Promise<RowValues> {
    if (row > this.table.rows)
      throw new WorkbenchError(
        'INVALID_INPUT',
        `The ${this.table.split} rows are ${countOf(this.table.rows, 'row')}; there is no row ${row}.`
      )
    const { signature } = this.model
    const known = this.rows.get(row) ?? rowOfFile(this.table.path, signature, row - 1).then((frame) => valuesOfRow(signature, frame, 0))
    this.rows.delete(row)
    this.rows.set(row, known)
    if (this.rows.size > mostKept) this.rows.delete(this.rows.keys().next().value!)
    return known
  }

  /** Rows of the test data by a value, or by what the model answers to them. @throws WorkbenchError what `RowFinder.find` throws */
  find(asked: FindRows, signal?: AbortSignal): Promise<FoundRows> {
    return this.finder.find(asked, signal)
  }

  /** @throws WorkbenchError INVALID_INPUT for values that the model cannot take, CANCELLED */
  async ask({ values, output, row }: AskedRow, signal?: AbortSignal): Promise<PanelAnswer> {
    const { explainer, model } = this
    const { signature } = model
    const frame = rowOfValues(signature, values)
    const found = await explainer.explain(frame, signal)
    const changed = await this.changedFrom(values, row)
    const called = row !== undefined && changed.length === 0 ? `row ${row}` : 'this case'
    const chosen = output === undefined ? undefined : this.outputAt(output)
    const told = tellRow(explainer, { signature, frame, found, row: 0 }, explainer.space, this.codes, { called, output: chosen })
    return {
      told: { ...told, row: row ?? 1 },
      scores: explainer.outputs.map((name, at) => ({ name, score: found.scores[at]! })),
      around: around(signature, found.scores),
      notes: unknownToTraining(signature, values)
    }
  }

  /** The nearest rows with another answer that are found, over values of the rows that it learned from; of a yes or no by default the other side of the decision. */
  async nearest(
    { values, row, wanted, rules }: Omit<AskedRow, 'output'> & Partial<AskedNearest>,
    signal?: AbortSignal
  ): Promise<Counterfactuals> {
    const { explainer, model, table } = this
    this.tried ??= await sampleRows(table.tried, model.signature, mostValues, signal)
    return nearestCounterfactuals(explainer, {
      signature: model.signature,
      row: rowOfValues(model.signature, values),
      number: row ?? 1,
      training: this.tried,
      wanted,
      decidesFrom: model.decidesFrom,
      rules,
      signal
    })
  }

  /** One page on why the row got its score. */
  async sheet(asked: AskedSheet, at: string, signal?: AbortSignal): Promise<{ html: string; called: string; changed: boolean }> {
    const { model, explainer, from } = this
    const { told, around: about } = await this.ask(asked, signal)
    const row = asked.nearest ? { ...told, counterfactuals: await this.nearest({ ...asked, ...asked.nearest }, signal) } : told
    const changed = await this.changedFrom(asked.values, asked.row)
    const called = asked.row === undefined || changed.length > 0 ? 'this case' : `row ${asked.row}`
    const explanation = {
      model: { name: model.name, sha256: model.sha256 },
      target: model.signature.target.name,
      method: explainer.method,
      space: explainer.space,
      ...(explainer.calibrated && { calibrated: true as const }),
      background: { rows: explainer.background.rows, from }
    }
    const html = decisionPage({ row, explanation, signature: model.signature, at, around: about, called, began: asked.row, changed })
    return { called, html, changed: changed.length > 0 }
  }

  close(): Promise<void> {
    return this.explainer.close()
  }

  private async changedFrom(values: RowValues, row: number | undefined): Promise<ChangedValue[]> {
    if (row === undefined) return []
    const own = await this.row(row)
    return Object.keys(own).flatMap((name) => {
      const [from, to] = [own[name] ?? null, values[name] ?? null]
      return from === to ? [] : [{ column: name, from, to }]
    })
  }

  private outputAt(output: string): number {
    const at = this.explainer.outputs.indexOf(output)
    if (at >= 0) return at
    throw new WorkbenchError('INVALID_INPUT', `The model does not answer "${output}". It answers: ${this.explainer.outputs.join(', ')}.`)
  }
}

/** Columns of a table, first those that the model neither reads nor predicts: people know a case by them. */
function keysFirst({ signature: { inputs, target } }: KnownModel, columns: readonly { name: string }[]): string[] {
  const own = new Set([...inputs.map(({ name }) => name), target.name])
  const names = columns.map(({ name }) => name)
  return [...names.filter((name) => !own.has(name)), ...names.filter((name) => own.has(name))]
}
