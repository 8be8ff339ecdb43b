import { useState } from 'react'
import { metricFormat, sortMetricKeys } from '../../evidence'
import { Button, Checkbox, Dialog, Section, TextInput } from '../../ui'
import type { ChosenColumns } from './view-store'

export interface ColumnChooserProps {
  open: boolean
  onOpenChange: (open: boolean) => void
  metricKeys: readonly string[]
  parameterKeys: readonly string[]
  chosen: ChosenColumns
  onChange: (chosen: ChosenColumns) => void
}

/** Which metrics and parameters are columns; changes show at once behind the dialog. */
export function ColumnChooser({ open, onOpenChange, metricKeys, parameterKeys, chosen, onChange }: ColumnChooserProps) {
  const [find, setFind] = useState('')
  const fits = (text: string) => text.toLowerCase().includes(find.trim().toLowerCase())
  const metrics = sortMetricKeys(metricKeys).filter((key) => fits(`${key} ${metricFormat(key).label}`))
  const parameters = parameterKeys.filter(fits)
  const toggle = (list: readonly string[], key: string, on: boolean) => (on ? [...list, key] : list.filter((each) => each !== key))
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="Columns"
      description="Name, status, algorithm, gate, registration and times are always there."
      footer={<Button onClick={() => onOpenChange(false)}>Close</Button>}
    >
      <TextInput
        autoFocus
        aria-label="Find a column"
        placeholder="Find a column"
        value={find}
        onChange={(event) => setFind(event.target.value)}
      />
      <div className="mt-3 grid grid-cols-2 gap-4">
        <Section title="Metrics" hint={`${chosen.metrics.length} shown`}>
          <div className="flex max-h-80 flex-col gap-1 overflow-y-auto">
            {metrics.map((key) => (
              <Checkbox
                key={key}
                label={metricFormat(key).label}
                checked={chosen.metrics.includes(key)}
                onChange={(on) => onChange({ ...chosen, metrics: sortMetricKeys(toggle(chosen.metrics, key, on)) })}
              />
            ))}
            {metrics.length === 0 && <p className="text-muted">No metric fits.</p>}
          </div>
        </Section>
        <Section title="Parameters" hint={`${chosen.parameters.length} shown`}>
          <div className="flex max-h-80 flex-col gap-1 overflow-y-auto">
            {parameters.map((key) => (
              <Checkbox
                key={key}
                label={key}
                checked={chosen.parameters.includes(key)}
                onChange={(on) => onChange({ ...chosen, parameters: toggle(chosen.parameters, key, on) })}
              />
            ))}
            {parameters.length === 0 && <p className="text-muted">No parameter fits.</p>}
          </div>
        </Section>
      </div>
    </Dialog>
  )
}
