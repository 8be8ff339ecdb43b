import { Layers } from 'lucide-react'
import { useMemo } from 'react'
import {
  designWords,
  headlineKeys,
  summaryKeys,
  summaryText,
  type CrossValidation,
  type FoldResult,
  type FoldSummary
} from '../../../main/model/cross-validation'
import { formatMetric, metricFormat } from '../../evidence'
import { useHostQuery } from '../../host'
import { EmptyState, ErrorState, formatCount, NO_VALUE, Panel, Skeleton, StatusIcon, VirtualTable, type Column } from '../../ui'
import { timeWriter } from './fold-times'

/** What models that were fitted on parts of the rows are worth on the rest: spread and interval of each figure, and every fold. */
export function RunFolds({ run }: { run: string }) {
  const query = useHostQuery('experiments.crossValidation', { id: run })
  if (query.error) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />
  if (query.data === undefined) return <Skeleton lines={8} />
  if (query.data === null)
    return <EmptyState icon={Layers} title="No folds" text="A cross-validate step judges a way to train by folds and keeps them here." />
  return <Folds document={query.data} />
}

function Folds({ document }: { document: CrossValidation }) {
  const { tuning, chosen, warnings, rows, outOfFold } = document
  return (
    <div className="flex flex-col gap-3 p-4">
      {warnings.map((warning) => (
        <p key={warning} className="flex items-start gap-2 rounded-md bg-warn-soft p-2">
          <StatusIcon status="warn" className="mt-1" /> {warning}
        </p>
      ))}
      <p data-selectable>
        {headlineKeys(document)
          .map((key) => summaryText(key, document.summary[key]!))
          .join('; ')}
        . <span className="text-muted">Mean over {designWords(document)}.</span>
      </p>
      {tuning && chosen && (
        <p className="text-muted" data-selectable>
          {tuning.innerFolds} inner folds chose among {formatCount(tuning.candidates.length, 'candidate')} by{' '}
          {metricFormat(tuning.metric).label}. For a final fit: candidate {chosen.candidate},{' '}
          {settingsText(tuning.candidates[chosen.candidate - 1]!)}.
        </p>
      )}
      <Panel title="Spread over the folds" hint="mean with the corrected 95% interval">
        <SummaryTable document={document} />
      </Panel>
      <Panel title="Every fold">
        <FoldTable document={document} />
        <p className="mt-1 text-caption text-muted">
          {formatCount(rows.used, 'row')} used, {formatCount(outOfFold.rows, 'row')} scored by models that did not learn from them.
        </p>
      </Panel>
      {Object.entries(document.methods).map(([name, text]) => (
        <p key={name} className="text-caption text-muted" data-selectable>
          {text}
        </p>
      ))}
    </div>
  )
}

const settingsText = (settings: Readonly<Record<string, unknown>>): string =>
  Object.entries(settings)
    .map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ')

/** Room for the head and so many rows, up to where the table scrolls by itself. */
const heightOf = (rows: number): number => Math.min(420, 36 + 30 * rows)

interface SummaryRow extends FoldSummary {
  key: string
}

function SummaryTable({ document }: { document: CrossValidation }) {
  const rows = useMemo((): SummaryRow[] => summaryKeys(document).map((key) => ({ key, ...document.summary[key]! })), [document])
  return (
    <div style={{ height: heightOf(rows.length) }}>
      <VirtualTable
        label="Spread over the folds"
        columns={summaryColumns}
        rows={rows}
        rowKey={({ key }) => key}
        empty={<p>No figures.</p>}
      />
    </div>
  )
}

const shown = ({ key }: SummaryRow, value: number | null): string => formatMetric(metricFormat(key), value)

const figure = (id: 'mean' | 'deviation' | 'smallest' | 'largest', header: string): Column<SummaryRow> => ({
  ...{ id, header, width: 110, numeric: true },
  value: (row) => row[id],
  cell: (row) => shown(row, row[id])
})

const summaryColumns: Column<SummaryRow>[] = [
  { id: 'metric', header: 'Figure', value: ({ key }) => metricFormat(key).label, width: 220, grow: true, pinned: true },
  figure('mean', 'Mean'),
  {
    ...{ id: 'interval', header: '95% interval', width: 180, numeric: true },
    value: ({ lower }) => lower,
    cell: (row) => (row.lower === null || row.upper === null ? NO_VALUE : `${shown(row, row.lower)} to ${shown(row, row.upper)}`)
  },
  figure('deviation', 'Deviation'),
  figure('smallest', 'Smallest'),
  figure('largest', 'Largest'),
  { id: 'folds', header: 'Folds', value: ({ folds }) => folds, width: 70, numeric: true }
]

function FoldTable({ document }: { document: CrossValidation }) {
  const columns = useMemo(() => foldColumns(document), [document])
  return (
    <div style={{ height: heightOf(document.folds.length) }}>
      <VirtualTable
        label="Every fold"
        columns={columns}
        rows={document.folds}
        rowKey={({ repeat, fold }) => `${repeat} ${fold}`}
        empty={<p>No folds.</p>}
      />
    </div>
  )
}

/** Which columns the folds have depends on how they were divided and whether settings were chosen. */
function foldColumns({ design, folds, summary, task, tuning }: CrossValidation): Column<FoldResult>[] {
  const count = (id: 'repeat' | 'fold' | 'training' | 'test', header: string, width = 90): Column<FoldResult> => ({
    ...{ id, header, width, numeric: true },
    value: (fold) => fold[id]
  })
  const time = timeWriter({ design, folds })
  const keys = headlineKeys({ summary, tuning, task } as CrossValidation)
  return [
    ...(design.repeats > 1 ? [count('repeat', 'Repeat', 70)] : []),
    count('fold', design.by === 'time' ? 'Window' : 'Fold', 70),
    count('training', 'Learned from', 120),
    count('test', 'Judged'),
    ...(design.by === 'time'
      ? [
          {
            ...{ id: 'window', header: `Judged by "${design.column}"`, width: 200 },
            value: ({ window }: FoldResult) => `${time(window?.testFrom)} to ${time(window?.testUntil)}`
          }
        ]
      : []),
    ...(design.by === 'group'
      ? [{ ...{ id: 'groups', header: 'Groups judged', width: 110, numeric: true }, value: ({ groups }: FoldResult) => groups?.test }]
      : []),
    ...(tuning
      ? [{ ...{ id: 'candidate', header: 'Candidate', width: 90, numeric: true }, value: ({ candidate }: FoldResult) => candidate }]
      : []),
    { ...{ id: 'iterations', header: 'Rounds', width: 80, numeric: true }, value: ({ iterations }: FoldResult) => iterations },
    ...keys.map((key): Column<FoldResult> => ({
      ...{ id: key, header: metricFormat(key).label, width: 120, numeric: true },
      value: ({ metrics }) => metrics[key],
      cell: ({ metrics }) => formatMetric(metricFormat(key), metrics[key])
    }))
  ]
}
