import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { AskedNearest } from '../../../main/model/counterfactual'
import type { OpenPanel, RowValues } from '../../../main/model/what-if'
import { useHostQuery } from '../../host'
import type { Asked } from './use-panel'

/** What another answer was looked for by, of which values. */
interface NearestRequest {
  values: RowValues
  asked: AskedNearest
}

export type NearestSearch = ReturnType<typeof useNearest>

/** The search for the nearest rows with another answer. Other values are looked for anew only when that is asked. */
export function useNearest(panel: OpenPanel, asked: Asked) {
  const cache = useQueryClient()
  const [request, setRequest] = useState<NearestRequest | null>(null)
  const current = request?.values === asked.values ? request : null
  const found = useHostQuery(
    'explain.nearest',
    {
      panel: panel.panel,
      values: current?.values ?? {},
      ...(asked.row !== null && { row: asked.row }),
      ...(current?.asked ?? { rules: {} })
    },
    { enabled: current !== null }
  )
  const look = (by: AskedNearest) => {
    // An answer is kept; what was refused or failed may be answered the next time.
    cache.removeQueries({ queryKey: ['explain', 'nearest'], predicate: ({ state }) => state.status === 'error' })
    setRequest({ values: asked.values, asked: by })
  }
  return { current, found, look }
}
