import { defaultKeymap, history, historyKeymap, indentLess, indentMore } from '@codemirror/commands'
import { json } from '@codemirror/lang-json'
import { sql } from '@codemirror/lang-sql'
import { yaml } from '@codemirror/lang-yaml'
import { bracketMatching, foldGutter, HighlightStyle, indentOnInput, syntaxHighlighting } from '@codemirror/language'
import { Compartment, EditorState, RangeSet, StateEffect, StateField, type Extension } from '@codemirror/state'
import {
  Decoration,
  drawSelection,
  EditorView,
  gutter,
  GutterMarker,
  highlightActiveLine,
  hoverTooltip,
  keymap,
  lineNumbers,
  type DecorationSet
} from '@codemirror/view'
import { tags } from '@lezer/highlight'
import { useEffect, useRef } from 'react'
import type { CodeDiagnostic, CodeEditorProps, CodeLanguage } from './code-types'

const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.bool, tags.null], color: 'var(--accent)' },
  { tag: [tags.propertyName, tags.definition(tags.propertyName), tags.attributeName], color: 'var(--info)' },
  { tag: [tags.string, tags.special(tags.string)], color: 'var(--ok)' },
  { tag: tags.number, color: 'var(--warn)' },
  { tag: [tags.comment, tags.meta], color: 'var(--muted)', fontStyle: 'italic' },
  { tag: tags.invalid, color: 'var(--error)' }
])

const languages: Record<CodeLanguage, () => Extension> = {
  yaml: () => yaml(),
  json: () => json(),
  sql: () => sql({ upperCaseKeywords: true }),
  plain: () => []
}

const setDiagnostics = StateEffect.define<readonly CodeDiagnostic[]>()

class SeverityMarker extends GutterMarker {
  constructor(readonly diagnostic: CodeDiagnostic) {
    super()
  }
  override eq(other: SeverityMarker) {
    return other.diagnostic.message === this.diagnostic.message && other.diagnostic.severity === this.diagnostic.severity
  }
  override toDOM() {
    const element = document.createElement('span')
    element.className = `cm-diagnostic-mark-${this.diagnostic.severity}`
    element.textContent = this.diagnostic.severity === 'error' ? '\u25cf' : '\u25b2'
    element.title = this.diagnostic.message
    return element
  }
}

interface DiagnosticState {
  list: readonly CodeDiagnostic[]
  marks: DecorationSet
  gutter: RangeSet<GutterMarker>
}

function placeDiagnostics(state: EditorState, list: readonly CodeDiagnostic[]): DiagnosticState {
  const inRange = list.filter((diagnostic) => diagnostic.line >= 1 && diagnostic.line <= state.doc.lines)
  const marks = inRange.flatMap((diagnostic) => {
    const [from, to] = spanOf(state, diagnostic)
    return from < to ? [Decoration.mark({ class: `cm-diagnostic-${diagnostic.severity}` }).range(from, to)] : []
  })
  const markers = inRange.map((diagnostic) => new SeverityMarker(diagnostic).range(state.doc.line(diagnostic.line).from))
  return { list: inRange, marks: Decoration.set(marks, true), gutter: RangeSet.of(markers, true) }
}

function spanOf(state: EditorState, diagnostic: CodeDiagnostic): [number, number] {
  const line = state.doc.line(diagnostic.line)
  if (diagnostic.column === undefined) return [line.from, line.to]
  const from = Math.min(line.to, line.from + Math.max(0, diagnostic.column - 1))
  const to = diagnostic.endColumn === undefined ? line.to : Math.min(line.to, line.from + diagnostic.endColumn - 1)
  return [from, Math.max(from, to)]
}

const diagnosticField = StateField.define<DiagnosticState>({
  create: (state) => placeDiagnostics(state, []),
  update(value, transaction) {
    for (const effect of transaction.effects) if (effect.is(setDiagnostics)) return placeDiagnostics(transaction.state, effect.value)
    if (!transaction.docChanged) return value
    return { list: value.list, marks: value.marks.map(transaction.changes), gutter: value.gutter.map(transaction.changes) }
  },
  provide: (field) => EditorView.decorations.from(field, (value) => value.marks)
})

const diagnosticTooltip = hoverTooltip((view, position) => {
  const line = view.state.doc.lineAt(position)
  const found = view.state.field(diagnosticField).list.filter((diagnostic) => diagnostic.line === line.number)
  if (!found.length) return null
  return {
    pos: line.from,
    above: true,
    create: () => {
      const dom = document.createElement('div')
      dom.style.cssText = 'padding:4px 8px;max-width:420px;font-size:12px'
      dom.textContent = found.map((diagnostic) => diagnostic.message).join('\n')
      return { dom }
    }
  }
})

export function CodeEditorView({
  value,
  onChange,
  language,
  readOnly,
  diagnostics,
  reveal,
  lineNumbers: numbered = true,
  ...rest
}: CodeEditorProps) {
  const host = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView>(null)
  const initial = useRef(value)
  initial.current = value
  const changed = useRef(onChange)
  changed.current = onChange
  const parts = useRef({ language: new Compartment(), access: new Compartment() })
  const label = rest['aria-label']

  useEffect(() => {
    if (!host.current) return
    const editor = new EditorView({
      parent: host.current,
      state: EditorState.create({
        doc: initial.current,
        extensions: [
          history(),
          drawSelection(),
          indentOnInput(),
          bracketMatching(),
          syntaxHighlighting(colours),
          diagnosticField,
          diagnosticTooltip,
          gutter({ class: 'cm-diagnostic-gutter', markers: (editorView) => editorView.state.field(diagnosticField).gutter }),
          numbered ? [lineNumbers(), foldGutter()] : [],
          highlightActiveLine(),
          keymap.of([{ key: 'Mod-]', run: indentMore }, { key: 'Mod-[', run: indentLess }, ...defaultKeymap, ...historyKeymap]),
          EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
          parts.current.language.of([]),
          parts.current.access.of([]),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) changed.current?.(update.state.doc.toString())
          })
        ]
      })
    })
    view.current = editor
    return () => {
      editor.destroy()
      view.current = null
    }
    // The editor keeps its own document; later values are applied as changes below.
  }, [numbered, label])

  useEffect(() => {
    view.current?.dispatch({ effects: parts.current.language.reconfigure(languages[language]()) })
  }, [language, numbered, label])
  useEffect(() => {
    const access = readOnly ? [EditorState.readOnly.of(true)] : []
    view.current?.dispatch({ effects: parts.current.access.reconfigure(access) })
  }, [readOnly, numbered, label])
  useEffect(() => {
    const editor = view.current
    if (!editor || editor.state.doc.toString() === value) return
    const listener = changed.current
    changed.current = undefined
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: value } })
    changed.current = listener
  }, [value])
  useEffect(() => {
    view.current?.dispatch({ effects: setDiagnostics.of(diagnostics ?? []) })
  }, [diagnostics, numbered, label])
  useEffect(() => {
    const editor = view.current
    if (!editor || !reveal || reveal.line < 1 || reveal.line > editor.state.doc.lines) return
    const line = editor.state.doc.line(reveal.line)
    const at = Math.min(line.to, line.from + Math.max(0, (reveal.column ?? 1) - 1))
    editor.dispatch({ selection: { anchor: at }, effects: EditorView.scrollIntoView(at, { y: 'center' }) })
    editor.focus()
  }, [reveal, numbered, label])

  return <div ref={host} className="h-full" />
}
