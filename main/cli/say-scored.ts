import { countOf } from '../model/count-of'
import { shiftWords, type ColumnCheck, type ScoredFile, type ScoreReport, type Shift } from '../model/scoring'

/** Columns that are said one by one. */
const saidColumns = 8

function describeColumn({ column, kind, below, above, unseen, missing, range }: ColumnCheck): string[] {
  const from = (first: readonly number[]): string => ` (first in row ${first[0]})`
  const said = [
    ...(below.rows > 0 ? [`${countOf(below.rows, 'row')} below ${range?.min}${from(below.first)}`] : []),
    ...(above.rows > 0 ? [`${countOf(above.rows, 'row')} above ${range?.max}${from(above.first)}`] : []),
    ...(unseen.rows > 0
      ? [
          `${countOf(unseen.rows, 'row')} with a text that the model does not tell apart, such as ${JSON.stringify(unseen.texts[0])}${from(unseen.first)}`
        ]
      : []),
    ...(missing.rows > 0 ? [`${countOf(missing.rows, 'row')} without a value, which training never had${from(missing.first)}`] : [])
  ]
  return said.length > 0 ? [`  ${column} (${kind}): ${said.join('; ')}`] : []
}

function describeShift(shift: Shift): string[] {
  if (!shift.told) return [`How far the file is from training cannot be told. ${shift.why}`]
  const far = shift.columns.filter(({ verdict }) => verdict === 'large' || verdict === 'moderate')
  const open = shift.columns.filter(({ verdict }) => verdict === 'cannot-be-told').length
  const many = `of ${countOf(shift.columns.length, 'column')}`
  const head =
    far.length === 0
      ? open > 0
        ? `Distance from training: there are too few rows to tell for ${open} ${many}.`
        : `Distance from training: no column has shifted (PSI, ${countOf(shift.columns.length, 'column')}).`
      : `Distance from training: ${far.length} ${many} shifted (PSI):`
  return [head, ...far.slice(0, saidColumns).map(({ column, psi, verdict }) => `  ${column}: ${psi.toFixed(3)}, ${shiftWords[verdict]}`)]
}

/** What was found in the columns and how far they are from training. */
export function describeScoring({ rows, unreadable, ignored, columns, rowsWithFindings, shift }: ScoreReport): string[] {
  const lines = columns.flatMap(describeColumn)
  return [
    ...(unreadable.rows > 0
      ? [
          `${countOf(unreadable.rows, 'row')} could not be read and ${unreadable.rows === 1 ? 'has' : 'have'} no score (first at line ${unreadable.first[0]?.line}).`
        ]
      : []),
    rowsWithFindings === 0
      ? 'Every value is such as training knew.'
      : `${countOf(rowsWithFindings, 'row')} of ${rows} ${rowsWithFindings === 1 ? 'has' : 'have'} values that training did not know:`,
    ...lines.slice(0, saidColumns),
    ...(lines.length > saidColumns ? [`  and ${countOf(lines.length - saidColumns, 'column')} more; --report names all`] : []),
    ...describeShift(shift),
    ...(ignored.length > 0
      ? [`Not read by the model: ${ignored.slice(0, saidColumns).join(', ')}${ignored.length > saidColumns ? ' and more' : ''}.`]
      : [])
  ]
}

/** What came of scoring, for a terminal. */
export const describeScored = ({ path, sha256, reportPath, report }: ScoredFile): string[] => [
  `Scored ${countOf(report.rows, 'row')} of ${report.file.name} with ${report.model.name}: ${path}`,
  ...(report.scores.mean === null
    ? []
    : [
        `Mean score ${report.scores.mean.toPrecision(4)}, from ${report.scores.min!.toPrecision(4)} to ${report.scores.max!.toPrecision(4)}.`
      ]),
  ...(report.scores.unscored === undefined ? [] : [`The model has no answer to ${countOf(report.scores.unscored, 'row')}.`]),
  ...describeScoring(report),
  ...(reportPath === undefined ? [] : [`Report: ${reportPath}`]),
  `sha256 ${sha256}`
]
