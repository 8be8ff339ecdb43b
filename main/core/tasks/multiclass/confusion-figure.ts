import type { TargetValue } from '../../../model/tasks'
import { formatNumber, html, type Html, htmlFigure, htmlTable } from '../../reports'

/** A matrix with more classes than this is not drawn: its largest confusions say more. */
const mostDrawn = 30
const mostListed = 30

/** A class and another one that its rows were decided for. */
export interface Confused {
  was: TargetValue
  decided: TargetValue
  rows: number
  /** Of the rows of the class. */
  share: number
}

/** Pairs of a class and another one that its rows were decided for, most rows first. */
export function largestConfusions(classes: readonly TargetValue[], matrix: readonly (readonly number[])[]): Confused[] {
  const found: Confused[] = []
  for (const [row, counts] of matrix.entries()) {
    const all = counts.reduce((sum, count) => sum + count, 0)
    for (const [column, rows] of counts.entries())
      if (row !== column && rows > 0) found.push({ was: classes[row]!, decided: classes[column]!, rows, share: rows / all })
  }
  return found.sort((a, b) => b.rows - a.rows || b.share - a.share)
}

const shorten = (text: string, most: number): string => (text.length > most ? `${text.slice(0, most - 1)}\u2026` : text)

/** The matrix as a picture: a row for each class, a column for each decision, darker the larger the share of the row. */
function drawMatrix(classes: readonly TargetValue[], matrix: readonly (readonly number[])[], reading: string): Html {
  const cell = classes.length <= 10 ? 44 : classes.length <= 20 ? 26 : 18
  const [left, top] = [120, 96]
  const size = cell * classes.length
  const cells = matrix.flatMap((counts, row) => {
    const all = counts.reduce((sum, count) => sum + count, 0)
    return counts.map((count, column) => {
      const share = all > 0 ? count / all : 0
      const [x, y] = [left + column * cell, top + row * cell]
      const text =
        cell >= 26 && count > 0
          ? html`<text class="bar-label" x="${x + cell / 2}" y="${y + cell / 2 + 4}" text-anchor="middle">${formatNumber(count)}</text>`
          : ''
      // Half strength at most, so that the count on it can be read in light and in dark.
      const strength = (0.04 + 0.46 * share).toFixed(3)
      return html`<g class="series ${row === column ? 's0' : 's1'}"
        ><rect x="${x}" y="${y}" width="${cell - 1}" height="${cell - 1}" fill-opacity="${strength}"
          ><title>${String(classes[row])} decided as ${String(classes[column])}: ${formatNumber(count)}</title></rect
        >${text}</g
      >`
    })
  })
  const names = classes.map((value, place) => {
    const middle = place * cell + cell / 2
    const name = shorten(String(value), 16)
    return html`<text class="bar-label" x="${left - 6}" y="${top + middle + 4}" text-anchor="end">${name}</text
      ><text class="bar-label" transform="translate(${left + middle + 4} ${top - 6}) rotate(-60)">${name}</text>`
  })
  return html`<svg viewBox="0 0 ${left + size + 40} ${top + size + 8}" role="img" class="chart">
    <title>Confusion matrix</title>
    <desc>${reading}</desc>
    ${cells}${names}
  </svg>`
}

/** Which classes are taken for which: the matrix where it can be read, and the largest confusions as a table. */
export function confusionFigure(classes: readonly TargetValue[], matrix: readonly (readonly number[])[]): Html {
  const confused = largestConfusions(classes, matrix)
  const rows = matrix.reduce((sum, counts) => sum + counts.reduce((all, count) => all + count, 0), 0)
  const wrong = confused.reduce((sum, each) => sum + each.rows, 0)
  const reading = `Of ${formatNumber(rows)} rows ${formatNumber(rows - wrong)} were decided rightly. A row of the matrix is a class, a column what was decided; darker is a larger share of the class.`
  const table = {
    caption:
      confused.length > mostListed
        ? `The ${mostListed} largest of ${formatNumber(confused.length)} confusions; the whole matrix is in evidence/evaluation.json`
        : 'Every confusion, most rows first',
    empty: 'No row was decided wrongly.',
    columns: [
      { title: 'Class' },
      { title: 'Decided as' },
      { title: 'Rows', align: 'number' as const },
      { title: 'Of the class', align: 'number' as const }
    ],
    rows: confused
      .slice(0, mostListed)
      .map((each) => [String(each.was), String(each.decided), formatNumber(each.rows), `${(each.share * 100).toFixed(1)} %`])
  }
  if (classes.length > mostDrawn)
    return html`<h3>Largest confusions</h3>
      <p>Of ${formatNumber(rows)} rows ${formatNumber(rows - wrong)} were decided rightly.</p>
      ${htmlTable(table)}`
  return htmlFigure({ title: 'Confusion matrix', reading, chart: drawMatrix(classes, matrix, reading), table })
}
