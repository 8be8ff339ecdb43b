import { basename, extname } from 'node:path'
import { WorkbenchError } from '../../model/errors'
import { rowReasonWords, type ScoreReport } from '../../model/scoring'
import { quoteName } from '../../model/sql-quoting'
import { writeFileDurably } from '../../storage/objects/durable-files'

/** @throws WorkbenchError INVALID_INPUT for another ending than .json and .csv */
export function assertReportPlace(path: string): void {
  if (!/\.(json|csv)$/i.test(path)) throw new WorkbenchError('INVALID_INPUT', `The report "${basename(path)}" must end in .json or .csv.`)
}

/** The whole report as JSON, or as CSV the findings with a row for each. */
export async function writeReport(path: string, report: ScoreReport): Promise<void> {
  assertReportPlace(path)
  const text = extname(path).toLowerCase() === '.json' ? `${JSON.stringify(report, null, 2)}\n` : findingsAsCsv(report)
  await writeFileDurably(path, text)
}

const cell = (value: string | number | null): string => {
  const text = value === null ? '' : String(value)
  // RFC 4180 doubles quotes as SQL does.
  return /[",\r\n]/.test(text) ? quoteName(text) : text
}

function findingsAsCsv({ findings }: ScoreReport): string {
  const lines = findings.map(({ row, line, column, reason, value }) =>
    [row, line, column, rowReasonWords[reason], value].map(cell).join(',')
  )
  return ['row,line,column,reason,value', ...lines, ''].join('\r\n')
}
