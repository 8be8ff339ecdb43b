import { useMemo, type RefObject } from 'react'
import { useClient, useInvalidate } from '../../host'
import type { EditorContextValue } from './editor-context'
import { createGraphCommands, type GraphCommands } from './graph-commands'
import type { CanvasEdits, CanvasHandle } from './canvas-props'
import { createPlacing } from './placing'
import { createStepCommands, type StepCommands } from './step-commands'
import { createVersionCommands, type VersionCommands } from './version-commands'

export interface EditorCommands extends StepCommands, GraphCommands, VersionCommands, CanvasEdits {}

/** Everything that changes the pipeline from canvas, palette, menus and keys. Each is one step of undo. */
export function useEditorCommands(context: EditorContextValue, canvas: RefObject<CanvasHandle | null>): EditorCommands {
  const client = useClient()
  const invalidate = useInvalidate()
  return useMemo(() => {
    const placing = createPlacing(context.editor, canvas)
    const steps = createStepCommands(context, canvas, placing)
    return {
      ...steps,
      ...createGraphCommands(context.editor, canvas, placing),
      ...createVersionCommands(context.editor, client, invalidate),
      onDrop: (type, at) => void steps.add(type, at)
    }
  }, [context, canvas, client, invalidate])
}
