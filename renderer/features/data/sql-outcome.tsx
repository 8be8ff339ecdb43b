import { Copy, TableProperties } from 'lucide-react'
import { useMemo } from 'react'
import {
  Badge,
  Button,
  copyAndTell,
  dataColumns,
  describeError,
  DurationText,
  EmptyState,
  ErrorState,
  formatCount,
  KeyHint,
  Progress,
  tableText,
  useActions,
  VirtualTable,
  type DataRow
} from '../../ui'
import { errorPosition } from './sql-names'
import type { SqlRun } from './use-sql-run'

const keyOf = (row: DataRow) => String(row.number)

/** What came of the query: its rows, its error, or how to begin. */
export function SqlOutcome({ run, limit, onRetry, onStop }: { run: SqlRun; limit: number; onRetry: () => void; onStop: () => void }) {
  const { result } = run
  const columns = useMemo(() => (result ? dataColumns(result.columns, { sortable: true, numbered: '#' }) : []), [result])
  const rows = useMemo(() => result?.rows.map((cells, index): DataRow => ({ number: index + 1, cells })) ?? [], [result])
  // Without the number of the row, which is not part of the result.
  const copy = () =>
    void copyAndTell(tableText(columns.slice(1), rows), `${formatCount(rows.length, 'row')} are on the clipboard, separated by tabs.`)
  useActions([
    { id: 'data.sql-copy', title: 'Copy the result of the SQL', group: 'Data', icon: Copy, isAvailable: () => rows.length > 0, run: copy }
  ])
  if (run.running)
    return (
      <div className="p-4">
        <Progress value={null} label="Running the query" onCancel={onStop} />
      </div>
    )
  if (run.error) {
    const position = errorPosition(describeError(run.error).details, run.text)
    return (
      <div className="flex h-full flex-col overflow-auto p-3">
        <ErrorState compact error={run.error} onRetry={onRetry} />
        {position && (
          <p className="pt-2 text-caption text-muted">
            Line {position.line}, column {position.column}:{' '}
            <code className="font-mono text-ink">{run.text.split('\n')[position.line - 1]?.slice(0, 200)}</code>
          </p>
        )}
      </div>
    )
  }
  if (!result)
    return (
      <EmptyState
        icon={TableProperties}
        title="No result yet"
        text={
          <>
            Write a SELECT, or choose a table at the left to insert its name. <KeyHint keys="Mod+Enter" /> runs it. A version is a table
            too, named by the first eight digits of its hash: <code className="font-mono">{'"strikes@0a1b2c3d"'}</code>. Runs, metrics and
            models are tables of <code className="font-mono">ledger</code>.
          </>
        }
      />
    )
  return (
    <div className="flex h-full flex-col">
      <div role="status" className="flex min-h-8 shrink-0 items-center gap-3 border-b px-3 text-caption">
        <span>
          {formatCount(rows.length, 'row')}, {formatCount(result.columns.length, 'column')}
        </span>
        <span className="text-muted">
          in <DurationText seconds={result.elapsed} />
        </span>
        {result.truncated && (
          <Badge status="warn" tooltip="The query gives more rows. Choose a larger limit above, or aggregate.">
            Only the first {limit.toLocaleString('en-US')} rows are shown
          </Badge>
        )}
        {rows.length > 0 && (
          <Button size="sm" variant="ghost" icon={Copy} className="ml-auto" onClick={copy}>
            Copy the result
          </Button>
        )}
      </div>
      <div className="min-h-0 flex-1">
        <VirtualTable
          label="Result"
          name="sql.result"
          columns={columns}
          rows={rows}
          rowKey={keyOf}
          rowHeight={28}
          empty={<EmptyState icon={TableProperties} title="No rows" text="The query ran and gave no rows." />}
        />
      </div>
    </div>
  )
}
