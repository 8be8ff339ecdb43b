import { lazy, Suspense } from 'react'
import { classNames } from './class-names'

export type CodeLanguage = 'yaml' | 'json' | 'sql' | 'plain'
export interface CodeDiagnostic {
  /** 1-based. */
  line: number
  /** 1-based; without it the whole line is marked. */
  column?: number
  endColumn?: number
  severity: 'error' | 'warn'
  message: string
}

export interface CodeEditorProps {
  value: string
  onChange?: (value: string) => void
  language: CodeLanguage
  readOnly?: boolean
  diagnostics?: readonly CodeDiagnostic[]
  'aria-label': string
  lineNumbers?: boolean
  /** CSS height; default fills the parent. */
  height?: number | string
  className?: string
}

const View = lazy(() => import('./code-editor-view').then((module) => ({ default: module.CodeEditorView })))

/** A CodeMirror editor, loaded when first shown; until then the text is there to read. Tab leaves the editor, Ctrl+] indents. */
export function CodeEditor(props: CodeEditorProps) {
  return (
    <div
      className={classNames('drydock-code min-h-0 overflow-hidden rounded-md border bg-surface-1 select-text', props.className)}
      style={{ height: props.height ?? '100%' }}
    >
      <Suspense fallback={<pre className="h-full overflow-auto p-2 font-mono text-caption">{props.value}</pre>}>
        <View {...props} />
      </Suspense>
    </div>
  )
}
