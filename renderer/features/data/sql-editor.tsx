import { useCallback, useMemo, type RefObject } from 'react'
import { CodeEditor, describeError, type CodeDiagnostic } from '../../ui'
import { dataStore, useDataState } from './data-store'
import { errorPosition } from './sql-names'
import type { SqlRun } from './use-sql-run'

export interface SqlEditorProps {
  frame: RefObject<HTMLDivElement | null>
  run: SqlRun
  onStart: () => void
}

/** The text of the query, with the mistake of its last run at its place as long as it was not changed since. */
export function SqlEditor({ frame, run, onStart }: SqlEditorProps) {
  const text = useDataState((state) => state.sql)
  const change = useCallback((sql: string) => dataStore.setState({ sql }), [])
  const diagnostics = useMemo((): CodeDiagnostic[] => {
    const position = run.error && run.text === text ? errorPosition(describeError(run.error).details, run.text) : null
    return position ? [{ line: position.line, column: position.column, severity: 'error', message: describeError(run.error).message }] : []
  }, [run, text])
  return (
    <div
      ref={frame}
      className="h-full p-2"
      onKeyDownCapture={(event) => {
        // Before the editor, which would make an empty line of it.
        if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return
        event.preventDefault()
        event.stopPropagation()
        onStart()
      }}
    >
      <CodeEditor aria-label="SQL" language="sql" value={text} onChange={change} diagnostics={diagnostics} />
    </div>
  )
}
