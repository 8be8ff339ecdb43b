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
  /** A place to put the cursor and scroll to, once for each object. */
  reveal?: { line: number; column?: number } | null
  'aria-label': string
  lineNumbers?: boolean
  /** CSS height; default fills the parent. */
  height?: number | string
  /** Without its own frame, inside a panel that has one. */
  bare?: boolean
  className?: string
}
