import type { ColumnRole, ImportType, KnownWhen, Sensitivity } from '../../../main/model/dataset'
import type { Choice } from '../../ui'

export const roleChoices: readonly Choice<ColumnRole>[] = [
  { value: 'feature', label: 'Feature', hint: 'A model may learn from it.' },
  { value: 'target', label: 'Target', hint: 'What a model predicts. One column of a dataset.' },
  { value: 'identifier', label: 'Identifier', hint: 'Names a row or a person. Never learned from.' },
  { value: 'group', label: 'Group', hint: 'Rows of one group stay on one side of a split.' },
  { value: 'time', label: 'Time', hint: 'Orders the rows. A split by time uses it.' },
  {
    value: 'weight',
    label: 'Weight',
    hint: 'How much each row counts, in training and in every figure. Zero or more; never learned from.'
  },
  {
    value: 'exposure',
    label: 'Exposure',
    hint: 'What amounts and counts are divided by, such as the time at risk. Above zero; never learned from.'
  },
  { value: 'ignored', label: 'Ignored', hint: 'Kept in the data, left out of models.' }
]

export const knownWhenChoices: readonly Choice<KnownWhen>[] = [
  { value: 'before', label: 'Before', hint: 'The value exists before the outcome. It may be a feature.' },
  { value: 'at', label: 'At', hint: 'The value comes into being together with the outcome.' },
  { value: 'after', label: 'After', hint: 'The value exists only after the outcome. No model learns from it, whatever its role.' }
]

/** What "known when" means, in the words that every screen uses. */
export const knownWhenText =
  'Known when says whether a value exists before, at, or only after the outcome that a model predicts. A column that is known after gives the outcome away: neither a training nor a quality check takes it as a feature, whatever its role, unless somebody names it there, and that is an error.'

export const importTypeChoices: readonly Choice<ImportType>[] = [
  { value: 'boolean', label: 'Boolean' },
  { value: 'integer', label: 'Integer' },
  { value: 'number', label: 'Number' },
  { value: 'decimal', label: 'Exact decimal', hint: 'Keeps every digit: amounts of money.' },
  { value: 'text', label: 'Text' },
  { value: 'date', label: 'Date' },
  { value: 'time', label: 'Time' },
  { value: 'timestamp', label: 'Timestamp' }
]

/** How a date stands in a text file, in strptime notation; a time of day may follow it. `found` leaves it to the import. */
export const dateFormatChoices: readonly Choice[] = [
  { value: 'found', label: 'As found', hint: 'Inferred from the values.' },
  { value: '%Y-%m-%d', label: '2026-12-31', hint: 'Year, month, day' },
  { value: '%Y/%m/%d', label: '2026/12/31', hint: 'Year, month, day' },
  { value: '%Y%m%d', label: '20261231', hint: 'Year, month, day' },
  { value: '%d.%m.%Y', label: '31.12.2026', hint: 'Day, month, year' },
  { value: '%d/%m/%Y', label: '31/12/2026', hint: 'Day, month, year' },
  { value: '%d-%m-%Y', label: '31-12-2026', hint: 'Day, month, year' },
  { value: '%d.%m.%y', label: '31.12.26', hint: 'Day, month, year of two digits' },
  { value: '%d/%m/%y', label: '31/12/26', hint: 'Day, month, year of two digits' },
  { value: '%m/%d/%Y', label: '12/31/2026', hint: 'Month, day, year' },
  { value: '%m-%d-%Y', label: '12-31-2026', hint: 'Month, day, year' },
  { value: '%m/%d/%y', label: '12/31/26', hint: 'Month, day, year of two digits' },
  { value: '%d %b %Y', label: '31 Dec 2026', hint: 'Day, short name of the month, year' },
  { value: '%b %d, %Y', label: 'Dec 31, 2026', hint: 'Short name of the month, day, year' }
]

export const sensitivityChoices: readonly Choice<Sensitivity>[] = [
  { value: 'public', label: 'Public', hint: 'May be shown to anybody.' },
  { value: 'internal', label: 'Internal', hint: 'For the organisation only.' },
  { value: 'confidential', label: 'Confidential', hint: 'For named people. Personal data belongs here or above.' },
  { value: 'restricted', label: 'Restricted', hint: 'Under a legal or contractual restriction.' }
]

export const labelOf = <T extends string>(choices: readonly Choice<T>[], value: T): string =>
  choices.find((choice) => choice.value === value)?.label ?? value

/** The endings that an import takes, without the dot. */
export const importEndings = ['csv', 'tsv', 'tab', 'txt', 'parquet', 'jsonl', 'ndjson', 'json', 'arrow', 'feather', 'ipc', 'arrows']
