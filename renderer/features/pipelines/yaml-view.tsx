import { useMemo } from 'react'
import type { PipelineProblem } from '../../../main/model/pipeline'
import { CodeEditor, type CodeDiagnostic } from '../../ui'
import { useEditor, useEditorState } from './editor-context'

/** A line and column of the text, counted from 1. */
export interface CodePlace {
  line: number
  column?: number
}

export const diagnosticsOf = (problems: readonly PipelineProblem[]): CodeDiagnostic[] =>
  problems.flatMap((problem) =>
    problem.line === undefined
      ? []
      : [
          {
            line: problem.line,
            column: problem.column,
            severity: problem.severity === 'error' ? ('error' as const) : ('warn' as const),
            message: problem.message
          }
        ]
  )

/** The draft as text. Canvas and text are two views of the same thing. */
export function YamlView({ reveal }: { reveal: CodePlace | null }) {
  const { editor } = useEditor()
  const text = useEditorState((state) => state.text)
  const problems = useEditorState((state) => state.problems)
  const diagnostics = useMemo(() => diagnosticsOf(problems), [problems])
  return (
    <div className="h-full p-2">
      <CodeEditor
        aria-label="Pipeline as YAML"
        language="yaml"
        value={text}
        onChange={editor.type}
        diagnostics={diagnostics}
        reveal={reveal}
      />
    </div>
  )
}
