import { countOf } from '../../../main/model/count-of'
import { shiftWords, type ColumnCheck, type ScoredFile, type Shift, type ShiftVerdict } from '../../../main/model/scoring'
import { Badge, fileNameOf, formatAuto, formatNumber, formatSize, NO_VALUE, Section, type Status } from '../../ui'

const looks: Record<ShiftVerdict, Status> = { stable: 'ok', moderate: 'warn', large: 'error', 'cannot-be-told': 'neutral' }

/** What came of scoring: where it is, what was found in the columns, how far the file is from training, and the first rows. */
export function ScoredResult({ scored: { path, bytes, report, head } }: { scored: ScoredFile }) {
  const { rows, unreadable, rowsWithFindings, ignored, scores, columns, shift } = report
  return (
    <div className="flex flex-col gap-4">
      <p data-selectable>
        {countOf(rows, 'row')} of {report.file.name} scored: <span className="font-mono text-caption">{fileNameOf(path)}</span>,{' '}
        {formatSize(bytes)}.
        {scores.mean !== null && ` Mean score ${formatAuto(scores.mean)}, from ${formatAuto(scores.min)} to ${formatAuto(scores.max)}.`}
        {scores.unscored !== undefined && ` The model has no answer to ${countOf(scores.unscored, 'row')}.`}
        {unreadable.rows > 0 && ` ${countOf(unreadable.rows, 'row')} could not be read and have no score.`}
        {ignored.length > 0 && ` Not read by the model: ${ignored.join(', ')}.`}
      </p>
      <Section
        title={
          rowsWithFindings === 0
            ? 'Every value is such as training knew'
            : `${countOf(rowsWithFindings, 'row')} with values that training did not know`
        }
      >
        <Columns columns={columns} shift={shift} />
        {!shift.told && <p className="p-3 text-muted">How far the file is from training cannot be told. {shift.why}</p>}
        {shift.told && <p className="p-3 text-caption text-muted">{shift.method}</p>}
      </Section>
      <Section title={`The first ${countOf(head.rows.length, 'row')} of the scores`}>
        <Rows head={head} />
      </Section>
    </div>
  )
}

const cell = 'border-b px-3 py-1 whitespace-nowrap'

function Columns({ columns, shift }: { columns: readonly ColumnCheck[]; shift: Shift }) {
  const shifts = new Map(shift.told ? shift.columns.map((each) => [each.column, each]) : [])
  return (
    <div className="overflow-x-auto">
      <table className="w-full border-collapse">
        <thead>
          <tr className="text-caption text-muted">
            {['Column', 'Out of range, rows', 'Unknown text, rows', 'Missing, rows', 'PSI', 'Distance from training'].map(
              (title, index) => (
                <th key={title} scope="col" className={`${cell} font-medium ${index === 0 || index === 5 ? 'text-left' : 'text-right'}`}>
                  {title}
                </th>
              )
            )}
          </tr>
        </thead>
        <tbody>
          {columns.map(({ column, below, above, unseen, missing }) => {
            const found = shifts.get(column)
            const counts = [below.rows + above.rows, unseen.rows, missing.rows]
            return (
              <tr key={column}>
                <th scope="row" className={`${cell} text-left font-normal`}>
                  {column}
                </th>
                {counts.map((count, index) => (
                  <td key={index} className={`${cell} text-right ${count === 0 ? 'text-muted' : ''}`}>
                    {count.toLocaleString('en')}
                  </td>
                ))}
                <td className={`${cell} text-right`}>{found ? formatNumber(found.psi, 3) : NO_VALUE}</td>
                <td className={cell}>{found && <Badge status={looks[found.verdict]}>{shiftWords[found.verdict]}</Badge>}</td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}

/** A figure as people read it: the file has it whole. */
const inShort = (value: string | null): string => {
  if (value === null) return NO_VALUE
  const number = Number(value)
  return /^-?\d*\.\d{7,}/.test(value) && Number.isFinite(number) ? formatAuto(number, 6) : value
}

function Rows({ head: { columns, rows } }: { head: ScoredFile['head'] }) {
  const sides = columns.map((_, at) =>
    rows.every((row) => row[at] === null || Number.isFinite(Number(row[at]))) ? 'text-right' : 'text-left'
  )
  return (
    // Wider than the page with many classes or reasons: the keyboard scrolls it too.
    <div className="control-focus overflow-x-auto" role="region" aria-label="First rows of the scores" tabIndex={0}>
      <table className="border-collapse">
        <thead>
          <tr className="text-caption text-muted">
            {columns.map((column, at) => (
              <th key={column} scope="col" className={`${cell} ${sides[at]} font-medium`}>
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={index}>
              {row.map((value, at) => (
                <td key={at} className={`${cell} ${sides[at]}`} data-selectable>
                  {inShort(value)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
