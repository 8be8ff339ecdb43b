import { ArrowLeft, Copy, History, Play, Square, TableProperties } from 'lucide-react'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { SqlResult } from '../../../main/model/dataset'
import { useClient } from '../../host'
import {
  Badge,
  Button,
  CodeEditor,
  copyText,
  dataColumns,
  describeError,
  DurationText,
  EmptyState,
  ErrorState,
  formatCount,
  IconButton,
  isCancelled,
  KeyHint,
  Menu,
  navigate,
  Page,
  PageHeader,
  Progress,
  Select,
  showToast,
  SplitPane,
  tableText,
  useActions,
  VirtualTable,
  type CodeDiagnostic,
  type DataRow
} from '../../ui'
import { dataStore, useDataState } from './data-store'
import { insertAtCursor } from './editor-cursor'
import { errorPosition } from './sql-names'
import { SqlTables } from './sql-tables'

interface Run {
  text: string
  running: boolean
  result: SqlResult | null
  error: unknown
}

const idle: Run = { text: '', running: false, result: null, error: null }
const limits = ['100', '1000', '10000'] as const
const keyOf = (row: DataRow) => String(row.number)
const HISTORY = 20

/** One SELECT over the datasets of the workspace; data is never changed here. */
export function SqlPage() {
  const client = useClient()
  const text = useDataState((state) => state.sql)
  const limit = useDataState((state) => state.sqlLimit)
  const history = useDataState((state) => state.sqlHistory)
  const [run, setRun] = useState<Run>(idle)
  const controller = useRef<AbortController>(null)
  const editor = useRef<HTMLDivElement>(null)
  useEffect(() => () => controller.current?.abort(), [])
  const start = useCallback(async () => {
    const { sql, sqlLimit, sqlHistory } = dataStore.getState()
    if (!sql.trim()) return
    controller.current?.abort()
    const own = new AbortController()
    controller.current = own
    setRun({ ...idle, text: sql, running: true })
    dataStore.setState({ sqlHistory: [sql, ...sqlHistory.filter((each) => each !== sql)].slice(0, HISTORY) })
    try {
      const result = await client.datasets.sql({ text: sql, limit: sqlLimit }, { signal: own.signal })
      if (controller.current === own) setRun({ text: sql, running: false, result, error: null })
    } catch (error) {
      if (controller.current === own) setRun({ text: sql, running: false, result: null, error: isCancelled(error) ? null : error })
    }
  }, [client])
  const stop = () => controller.current?.abort()
  useActions([
    {
      id: 'data.sql-run',
      title: 'Run the SQL',
      group: 'Data',
      icon: Play,
      keys: 'Mod+Enter',
      isAvailable: () => text.trim() !== '',
      run: () => void start()
    },
    { id: 'data.sql-stop', title: 'Stop the SQL', group: 'Data', icon: Square, isAvailable: () => run.running, run: stop }
  ])
  const diagnostics = useMemo((): CodeDiagnostic[] => {
    const position = run.error && run.text === text ? errorPosition(describeError(run.error).details, run.text) : null
    return position ? [{ line: position.line, column: position.column, severity: 'error', message: describeError(run.error).message }] : []
  }, [run, text])
  const change = useCallback((sql: string) => dataStore.setState({ sql }), [])
  const insert = useCallback((name: string) => {
    if (editor.current && insertAtCursor(editor.current, name)) return
    dataStore.setState((state) => ({ sql: state.sql ? `${state.sql} ${name}` : name }))
  }, [])
  return (
    <Page
      header={
        <PageHeader
          back={<IconButton icon={ArrowLeft} label="Back to all datasets" onClick={() => navigate('data')} />}
          title="SQL"
          status={<span className="truncate">One SELECT over the datasets. Nothing is changed by it.</span>}
          actions={
            <>
              <Menu
                align="end"
                trigger={
                  <Button icon={History} disabled={history.length === 0}>
                    Recent
                  </Button>
                }
                entries={history.map((sql, index) => ({
                  id: String(index),
                  label: sql.replace(/\s+/g, ' ').slice(0, 90),
                  onSelect: () => dataStore.setState({ sql })
                }))}
              />
              <Select
                aria-label="Rows to show at most"
                className="w-36!"
                value={String(limit)}
                choices={limits.map((value) => ({ value, label: `${Number(value).toLocaleString('en-US')} rows` }))}
                onChange={(value) => dataStore.setState({ sqlLimit: Number(value) })}
              />
              {run.running && (
                <Button icon={Square} onClick={stop}>
                  Stop
                </Button>
              )}
            </>
          }
          primary={
            <Button
              variant="primary"
              icon={Play}
              loading={run.running}
              disabled={!text.trim()}
              onClick={() => void start()}
              trailing={<KeyHint keys="Mod+Enter" />}
            >
              Run
            </Button>
          }
        />
      }
    >
      <SplitPane
        name="sql tables"
        size={240}
        min={160}
        max={520}
        first={<SqlTables onInsert={insert} />}
        second={
          <SplitPane
            name="sql result"
            orientation="column"
            size={200}
            min={80}
            max={1200}
            first={
              <div
                ref={editor}
                className="h-full p-2"
                onKeyDownCapture={(event) => {
                  // Before the editor, which would make an empty line of it.
                  if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return
                  event.preventDefault()
                  event.stopPropagation()
                  void start()
                }}
              >
                <CodeEditor aria-label="SQL" language="sql" value={text} onChange={change} diagnostics={diagnostics} />
              </div>
            }
            second={<SqlOutcome run={run} limit={limit} onRetry={() => void start()} onStop={stop} />}
          />
        }
      />
    </Page>
  )
}

function SqlOutcome({ run, limit, onRetry, onStop }: { run: Run; limit: number; onRetry: () => void; onStop: () => void }) {
  const { result } = run
  const columns = useMemo(() => (result ? dataColumns(result.columns, { sortable: true, numbered: '#' }) : []), [result])
  const rows = useMemo(() => result?.rows.map((cells, index): DataRow => ({ number: index + 1, cells })) ?? [], [result])
  const copy = () => {
    // Without the number of the row, which is not part of the result.
    void copyText(tableText(columns.slice(1), rows)).then((done) => {
      if (done) showToast({ status: 'ok', title: `${formatCount(rows.length, 'row')} are on the clipboard, separated by tabs.` })
    })
  }
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
