import { useEffect, useState, type RefObject } from 'react'
import type { Cell, ExplainedModel, OpenPanel, RowValues } from '../../../main/model/what-if'
import { useHostQuery, useHostSubscription } from '../../host'

export interface Asked {
  /** The row of the test data that the values began as; null for the usual values. */
  row: number | null
  /** As they began. */
  began: RowValues
  values: RowValues
}

const usualValues = ({ columns }: OpenPanel): RowValues => Object.fromEntries(columns.map(({ name, usual }) => [name, usual]))

/** Holds the model of a screen open, for as long as the screen stands. */
export const usePanel = (model: ExplainedModel) => useHostSubscription('explain.panel', model)

/** What was asked last, kept while the model is closed or another part of the screen is shown. */
export type KeptRow = RefObject<{ sha256: string; asked: Asked } | null>

/** The row that is asked about: it begins as a row of the test data, or as the usual values, and its values may be changed. */
export function useAskedRow(panel: OpenPanel, kept: KeptRow) {
  const usual = usualValues(panel)
  const { sha256 } = panel.model
  const [before] = useState(kept.current?.sha256 === sha256 ? kept.current.asked : null)
  const [wanted, setWanted] = useState<number | null>(before ? before.row : panel.rows ? 1 : null)
  const [asked, setAsked] = useState<Asked | null>(before ?? (panel.rows ? null : { row: null, began: usual, values: usual }))
  useEffect(() => {
    if (asked) kept.current = { sha256, asked }
  }, [asked, kept, sha256])
  const row = useHostQuery('explain.row', { panel: panel.panel, row: wanted ?? 1 }, { enabled: wanted !== null })
  const found = wanted === null ? undefined : row.data
  useEffect(() => {
    // What was typed into this row stays when the row is read once more.
    if (found && wanted !== null) setAsked((now) => (now?.row === wanted ? now : { row: wanted, began: found, values: found }))
  }, [found, wanted])
  const begin = (next: number | null) => {
    setWanted(next)
    if (next === null) setAsked({ row: null, began: usual, values: usual })
    else if (next === wanted && found) setAsked({ row: next, began: found, values: found })
  }
  const change = (name: string, value: Cell) => setAsked((before) => before && { ...before, values: { ...before.values, [name]: value } })
  const changeAll = (values: RowValues) => setAsked((before) => before && { ...before, values: { ...before.values, ...values } })
  return { asked, wanted, begin, change, changeAll, error: row.error }
}

export const changedColumns = ({ began, values }: Asked): string[] =>
  Object.keys(began).filter((name) => (began[name] ?? null) !== (values[name] ?? null))
