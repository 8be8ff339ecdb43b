import { spanWords } from './span'
import { refuse, type Divided, type Fold } from './fold'

/**
 * Rolling windows in time. The rows are put in order and divided into one part more than there are windows; each part after the first is
 * judged by a model of earlier rows, as in scikit-learn's TimeSeriesSplit. Rows of equal time are never divided, and a row to learn from is
 * older than the first judged one by more than the gap.
 * @throws WorkbenchError INVALID_INPUT for a column without an order in time or with missing times, a gap as long as the data, windows that
 *   have no rows
 */
export function timeFolds({ rows, column, design }: Divided): Fold[] {
  const name = design.column!
  if (column!.kind === 'category')
    return refuse(
      name,
      `The column "${name}" is text, which has no order in time. Turn it into a date, a timestamp or a number in a sql step before.`
    )
  const times = column!.values
  const missing = times.reduce((sum, time) => sum + (Number.isNaN(time) ? 1 : 0), 0)
  if (missing > 0)
    refuse(
      name,
      `${missing} of ${rows} rows have no value in "${name}", so it is not known whether they are earlier or later. Drop or fill them in a step before.`,
      { missing }
    )
  const words = (span: number): string => spanWords(span, column!.kind)
  const order = Uint32Array.from({ length: rows }, (_, row) => row).sort((a, b) => times[a]! - times[b]! || a - b)
  const spread = rows > 0 ? times[order[rows - 1]!]! - times[order[0]!]! : 0
  const { gap = 0, history = null, folds } = design
  if (gap > 0 && gap >= spread)
    refuse(name, `The gap of ${words(gap)} is no shorter than the time that "${name}" spans, ${words(spread)}. Choose a shorter gap.`)
  const size = Math.floor(rows / (folds + 1))
  if (size < 1)
    refuse(
      name,
      `There are ${rows} rows for ${folds} windows of "${name}" and the rows before them. Ask for fewer windows, or bring more rows.`
    )
  const starts = Array.from({ length: folds }, (_, fold) => times[order[rows - (folds - fold) * size]!]!)
  return starts.map((start, fold) => {
    const end = starts[fold + 1] ?? Infinity
    const test = order.filter((row) => times[row]! >= start && times[row]! < end)
    const isLearned = (time: number): boolean => time < start - gap && (history === null || time >= start - gap - history)
    const training = order.filter((row) => isLearned(times[row]!))
    if (test.length === 0)
      refuse(
        name,
        `Window ${fold + 1} of ${folds} in "${name}" has no rows to judge: too many rows share one time. Ask for fewer windows, or choose a column that tells the rows apart.`,
        { window: fold + 1 }
      )
    if (training.length === 0)
      refuse(
        name,
        `Window ${fold + 1} of ${folds} in "${name}" has no rows to learn from${gap > 0 ? `: all earlier rows are within the gap of ${words(gap)}` : ''}${history === null ? '' : ` or older than the history of ${words(history)}`}. Choose ${gap > 0 ? 'a shorter gap' : 'another column'}${history === null ? '' : ', a longer history'} or fewer windows.`,
        { window: fold + 1 }
      )
    const at = (row: number | undefined): number => times[row!]!
    return {
      ...{ repeat: 0, fold, training: training.slice().sort(), test: test.slice().sort() },
      window: {
        trainingFrom: at(training[0]),
        trainingUntil: at(training[training.length - 1]),
        testFrom: at(test[0]),
        testUntil: at(test[test.length - 1])
      }
    }
  })
}
