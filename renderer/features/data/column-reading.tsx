import type { DatasetColumn, DatasetDetail, DatasetVersion, ImportRule } from '../../../main/model/dataset'
import { Dialog, formatCount, type Column } from '../../ui'
import { importAgain } from './import-again'
import { offersTitle, RuleList, ruleNames, rulesTitle } from './rule-list'

interface ColumnReading {
  rules: ImportRule[]
  offers: ImportRule[]
}

/** What changed the cells of each column on the way in, by the name that the column has in the version. */
export function readingByColumn({ choices, rules = [], offers = [] }: DatasetVersion): ReadonlyMap<string, ColumnReading> {
  const names = new Map((choices.columns ?? []).flatMap(({ source, name }) => (name === undefined ? [] : [[source, name] as const])))
  const readings = new Map<string, ColumnReading>()
  const add = (part: keyof ColumnReading, rule: ImportRule) => {
    if (rule.column === null) return
    const name = names.get(rule.column) ?? rule.column
    const reading = readings.get(name) ?? { rules: [], offers: [] }
    reading[part].push(rule)
    readings.set(name, reading)
  }
  for (const rule of rules) add('rules', rule)
  for (const offer of offers) add('offers', offer)
  return readings
}

/** In the fewest words: the first rule, or that something is offered. */
function readingLabel({ rules, offers }: ColumnReading): string {
  const [first, ...others] = rules
  if (!first) return formatCount(offers.length, 'offer')
  return `${ruleNames[first.rule]}${others.length > 0 ? ` and ${others.length} more` : ''}`
}

/** The column of the table that says how each column was read. */
export const readingColumn = (readings: ReadonlyMap<string, ColumnReading>, onOpen: (name: string) => void): Column<DatasetColumn> => ({
  id: 'reading',
  header: rulesTitle,
  hint: 'What an import read as something else than it stands in the file, with examples and the way to undo it',
  value: ({ name }) => {
    const reading = readings.get(name)
    return reading ? readingLabel(reading) : null
  },
  cell: ({ name }) => {
    const reading = readings.get(name)
    return reading ? (
      <button
        type="button"
        className="max-w-full truncate rounded-sm text-accent hover:underline"
        aria-label={`How ${name} was read`}
        onClick={() => onOpen(name)}
      >
        {readingLabel(reading)}
      </button>
    ) : null
  },
  width: 176
})

/** The rules of one column with their examples. */
export function ReadingDialog({
  detail,
  readings,
  name,
  onClose
}: {
  detail: DatasetDetail
  readings: ReadonlyMap<string, ColumnReading>
  name: string | null
  onClose: () => void
}) {
  const reading = name === null ? undefined : readings.get(name)
  return (
    <Dialog open={reading !== undefined} onOpenChange={(open) => !open && onClose()} title={`How ${name ?? ''} was read`}>
      {reading && (
        <div className="flex flex-col gap-4 pb-2">
          <RuleList title={rulesTitle} rules={reading.rules} choose={importAgain(detail, 'Undo in a new import')} />
          <RuleList title={offersTitle} rules={reading.offers} choose={importAgain(detail, 'Take in a new import')} />
        </div>
      )}
    </Dialog>
  )
}
