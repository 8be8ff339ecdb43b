import { ChevronLeft, ChevronRight, RotateCcw, Undo2 } from 'lucide-react'
import { useState } from 'react'
import { countOf } from '../../../main/model/count-of'
import type { AskedColumn, Cell, OpenPanel } from '../../../main/model/what-if'
import { Button, Field, formatCount, IconButton, NumberInput, SearchInput, Select, Skeleton } from '../../ui'
import { cellText, MISSING } from './cell-words'
import { FindRow } from './find-row'
import { TextCell, TimeCell } from './typed-cells'
import { changedColumns, type useAskedRow } from './use-panel'

/** More columns than these have a filter. */
const withFilter = 12

/** Where the values begin, and a field for each column. What was changed is marked and can be taken back. */
export function RowForm({ panel, row }: { panel: OpenPanel; row: ReturnType<typeof useAskedRow> }) {
  const [filter, setFilter] = useState('')
  const { asked, change } = row
  const changed = asked ? changedColumns(asked) : []
  const shown = panel.columns.filter(({ name }) => name.toLowerCase().includes(filter.trim().toLowerCase()))
  return (
    <section aria-label="Values of the row" className="flex min-h-0 flex-col border-b lg:border-r lg:border-b-0">
      <div className="flex shrink-0 flex-col gap-2 border-b p-3">
        <Beginning panel={panel} row={row} />
        {panel.columns.length > withFilter && (
          <SearchInput value={filter} onChange={setFilter} placeholder="Filter the columns" className="w-full" />
        )}
        {changed.length > 0 && asked && (
          <p className="flex items-center justify-between gap-2 text-caption text-muted">
            {countOf(changed.length, 'value')} changed
            <Button size="sm" icon={RotateCcw} onClick={() => row.changeAll(asked.began)}>
              Take all back
            </Button>
          </p>
        )}
      </div>
      <div className="flex min-h-0 flex-col gap-2.5 p-3 lg:flex-1 lg:overflow-y-auto">
        {asked ? (
          shown.map((column) => {
            const isChanged = changed.includes(column.name)
            return (
              <Field
                key={column.name}
                label={column.unit && column.kind !== 'timestamp' ? `${column.name}, ${column.unit}` : column.name}
                hint={isChanged ? `was ${cellText(asked.began[column.name], column.kind)}` : undefined}
              >
                <div className="flex items-center gap-1">
                  <div className="min-w-0 flex-1">
                    <CellInput column={column} value={asked.values[column.name] ?? null} onChange={(value) => change(column.name, value)} />
                  </div>
                  {isChanged && (
                    <IconButton
                      icon={Undo2}
                      size="sm"
                      label={`Take ${column.name} back`}
                      onClick={() => change(column.name, asked.began[column.name] ?? null)}
                    />
                  )}
                </div>
              </Field>
            )
          })
        ) : (
          <Skeleton lines={6} />
        )}
      </div>
    </section>
  )
}

function Beginning({ panel, row: { wanted, begin } }: { panel: OpenPanel; row: ReturnType<typeof useAskedRow> }) {
  const { rows } = panel
  if (!rows) return <p className="text-caption text-muted">Begins with the usual values: medians and the most frequent texts.</p>
  const at = wanted ?? 1
  return (
    <div className="flex flex-wrap items-end gap-1.5">
      <Field label={`Row of the ${rows.split} data, of ${formatCount(rows.count, 'row')}`}>
        <div className="flex items-center gap-1">
          <IconButton icon={ChevronLeft} size="sm" label="The row before" disabled={at <= 1} onClick={() => begin(at - 1)} />
          <NumberInput
            className="w-28"
            value={wanted}
            min={1}
            max={rows.count}
            onChange={(next) => next !== null && Number.isInteger(next) && next >= 1 && next <= rows.count && begin(next)}
          />
          <IconButton icon={ChevronRight} size="sm" label="The next row" disabled={at >= rows.count} onClick={() => begin(at + 1)} />
        </div>
      </Field>
      <Button size="sm" aria-pressed={wanted === null} onClick={() => begin(null)}>
        Usual values
      </Button>
      <FindRow panel={panel} onTake={begin} />
    </div>
  )
}

interface CellInputProps {
  column: AskedColumn
  value: Cell
  onChange: (value: Cell) => void
}

function CellInput({ column, value, onChange }: CellInputProps) {
  const { name, kind, range } = column
  if (kind === 'category') return <TextCell column={column} value={value} onChange={onChange} />
  if (kind === 'timestamp') return <TimeCell value={typeof value === 'number' ? value : null} onChange={onChange} />
  if (kind === 'boolean')
    return (
      <Select
        aria-label={name}
        className="w-full"
        value={value === null ? MISSING : String(value)}
        onChange={(next) => onChange(next === MISSING ? null : Number(next))}
        choices={[
          { value: '1', label: 'true' },
          { value: '0', label: 'false' },
          { value: MISSING, label: MISSING }
        ]}
      />
    )
  return <NumberInput value={typeof value === 'number' ? value : null} onChange={onChange} step={stepOf(range)} className="w-full" />
}

/** About a hundredth of what training knew, as a round number; whole numbers move by ones. */
function stepOf(range: AskedColumn['range']): number {
  if (!range || range.max <= range.min) return 1
  if (Number.isInteger(range.min) && Number.isInteger(range.max))
    return Math.max(1, 10 ** Math.floor(Math.log10((range.max - range.min) / 20)))
  return 10 ** Math.floor(Math.log10((range.max - range.min) / 20))
}
