import { ArrowLeft, History, Play, Square } from 'lucide-react'
import { useCallback, useRef } from 'react'
import { Button, IconButton, KeyHint, Menu, navigate, Page, PageHeader, Select, SplitPane, useActions } from '../../ui'
import { dataStore, useDataState } from './data-store'
import { insertAtCursor } from './editor-cursor'
import { SqlEditor } from './sql-editor'
import { SqlOutcome } from './sql-outcome'
import { SqlTables } from './sql-tables'
import { useSqlRun } from './use-sql-run'

const limits = ['100', '1000', '10000'] as const

/** One SELECT over the datasets of the workspace; data is never changed here. */
export function SqlPage() {
  const limit = useDataState((state) => state.sqlLimit)
  const hasText = useDataState((state) => state.sql.trim() !== '')
  const { run, start, stop } = useSqlRun()
  const editor = useRef<HTMLDivElement>(null)
  useActions([
    {
      id: 'data.sql-run',
      title: 'Run the SQL',
      group: 'Data',
      icon: Play,
      keys: 'Mod+Enter',
      isAvailable: () => hasText,
      run: () => void start()
    },
    { id: 'data.sql-stop', title: 'Stop the SQL', group: 'Data', icon: Square, isAvailable: () => run.running, run: stop }
  ])
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
              <RecentQueries />
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
              disabled={!hasText}
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
            first={<SqlEditor frame={editor} run={run} onStart={() => void start()} />}
            second={<SqlOutcome run={run} limit={limit} onRetry={() => void start()} onStop={stop} />}
          />
        }
      />
    </Page>
  )
}

function RecentQueries() {
  const history = useDataState((state) => state.sqlHistory)
  return (
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
  )
}
