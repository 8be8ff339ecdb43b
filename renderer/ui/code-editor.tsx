import { lazy, Suspense } from 'react'
import { classNames } from './class-names'
import type { CodeEditorProps } from './code-types'

const View = lazy(() => import('./code-editor-view').then((module) => ({ default: module.CodeEditorView })))

/** A CodeMirror editor, loaded when first shown; until then the text is there to read. Tab leaves the editor, Ctrl+] indents. */
export function CodeEditor(props: CodeEditorProps) {
  return (
    <div
      className={classNames(
        'drydock-code min-h-0 overflow-hidden bg-surface-1 select-text',
        !props.bare && 'rounded-md border',
        props.className
      )}
      style={{ height: props.height ?? '100%' }}
    >
      <Suspense fallback={<pre className="h-full overflow-auto p-2 font-mono text-caption">{props.value}</pre>}>
        <View {...props} />
      </Suspense>
    </div>
  )
}
