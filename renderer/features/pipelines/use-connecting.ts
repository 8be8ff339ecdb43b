import type { Connection, FinalConnectionState } from '@xyflow/react'
import { useCallback, useState } from 'react'
import { showToast } from '../../ui'
import { refuseConnection, type PipelineGraph } from './connection-rules'
import type { StepEdge } from './graph-projection'

interface Ends {
  source: string
  target: string
  sourceHandle?: string | null
  targetHandle?: string | null
}

/** Drawing a connection: whether it may be made, and if not why, while it is drawn and when it is dropped. */
export function useConnecting(graph: PipelineGraph) {
  const [refusal, setRefusal] = useState<string | null>(null)
  const refuse = useCallback(
    ({ source, sourceHandle, target, targetHandle }: Ends) =>
      refuseConnection(graph, {
        sourceStep: source,
        sourcePort: sourceHandle ?? '',
        targetStep: target,
        targetPort: targetHandle ?? ''
      }),
    [graph]
  )
  const onConnectEnd = (_: unknown, state: FinalConnectionState) => {
    setRefusal(null)
    if (state.isValid !== false || !state.toHandle || !state.fromHandle) return
    const [source, target] = state.fromHandle.type === 'source' ? [state.fromHandle, state.toHandle] : [state.toHandle, state.fromHandle]
    const reason =
      state.fromHandle.type === state.toHandle.type
        ? 'A connection goes from an output to an input.'
        : refuse({ source: source.nodeId, sourceHandle: source.id, target: target.nodeId, targetHandle: target.id })
    if (reason) showToast({ status: 'warn', title: 'Not connected', text: reason })
  }
  const isValidConnection = useCallback(
    (connection: Connection | StepEdge) => {
      const reason = refuse(connection)
      queueMicrotask(() => setRefusal(reason))
      return reason === null
    },
    [refuse]
  )
  return { refusal, onConnectEnd, isValidConnection }
}
