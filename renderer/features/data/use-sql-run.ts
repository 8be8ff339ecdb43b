import { useCallback, useEffect, useRef, useState } from 'react'
import type { SqlResult } from '../../../main/model/dataset'
import { useClient } from '../../host'
import { isCancelled } from '../../ui'
import { dataStore } from './data-store'

export interface SqlRun {
  text: string
  running: boolean
  result: SqlResult | null
  error: unknown
}

const idle: SqlRun = { text: '', running: false, result: null, error: null }
const HISTORY = 20

/** The last query of the SQL page; a new one stops the former, and leaving the page stops it too. */
export function useSqlRun(): { run: SqlRun; start: () => Promise<void>; stop: () => void } {
  const client = useClient()
  const [run, setRun] = useState<SqlRun>(idle)
  const controller = useRef<AbortController>(null)
  useEffect(() => () => controller.current?.abort(), [])
  const start = useCallback(async () => {
    const { sql, sqlLimit, sqlHistory } = dataStore.getState()
    if (!sql.trim()) return
    controller.current?.abort()
    const own = new AbortController()
    controller.current = own
    setRun({ ...idle, text: sql, running: true })
    dataStore.setState({ sqlHistory: [sql, ...sqlHistory.filter((each) => each !== sql)].slice(0, HISTORY) })
    try {
      const result = await client.datasets.sql({ text: sql, limit: sqlLimit }, { signal: own.signal })
      if (controller.current === own) setRun({ text: sql, running: false, result, error: null })
    } catch (error) {
      if (controller.current === own) setRun({ text: sql, running: false, result: null, error: isCancelled(error) ? null : error })
    }
  }, [client])
  return { run, start, stop: () => controller.current?.abort() }
}
