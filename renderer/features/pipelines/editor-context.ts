import { createContext, useContext } from 'react'
import { useStore } from 'zustand'
import type { StepTypeInfo } from '../../../main/model/pipeline'
import type { PipelineGraph } from './connection-rules'
import type { EditorState } from './editor-state'
import type { Editor } from './editor-store'

export interface EditorContextValue {
  editor: Editor
  types: ReadonlyMap<string, StepTypeInfo>
}
const EditorContext = createContext<EditorContextValue | null>(null)
export const EditorProvider = EditorContext.Provider

export function useEditor(): EditorContextValue {
  const value = useContext(EditorContext)
  if (!value) throw new Error('This part of the editor stands outside of EditorProvider.')
  return value
}
export function useEditorState<T>(select: (state: EditorState) => T): T {
  return useStore(useEditor().editor.store, select)
}

/** The graph as it is now, for rules that are asked in an event. */
export function currentGraph({ editor, types }: EditorContextValue): PipelineGraph | null {
  const { document, ports } = editor.store.getState()
  return document && { document, ports, types }
}
