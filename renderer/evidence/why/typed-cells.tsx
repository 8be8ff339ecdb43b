import { useState } from 'react'
import { timeText } from '../../../main/model/point-in-time'
import type { AskedColumn, Cell } from '../../../main/model/what-if'
import { Combobox, TextInput } from '../../ui'
import { MISSING, secondsOf } from './cell-words'

/** A text that no column holds. */
const missing = '\u0000missing'

interface TextCellProps {
  column: AskedColumn
  value: Cell
  onChange: (value: Cell) => void
}

/** One of the texts that the model tells apart, or none; where it knows none by name, any text. */
export function TextCell({ column: { name, texts }, value, onChange }: TextCellProps) {
  if (!texts || texts.length === 0)
    return (
      <TextInput
        aria-label={name}
        placeholder={MISSING}
        value={typeof value === 'string' ? value : ''}
        onChange={(event) => onChange(event.target.value === '' ? null : event.target.value)}
        className="w-full"
      />
    )
  const known = typeof value === 'string' && !texts.includes(value) ? [value, ...texts] : texts
  return (
    <Combobox
      className="w-full"
      value={typeof value === 'string' ? value : missing}
      onChange={(next) => next !== null && onChange(next === missing ? null : next)}
      choices={[
        ...known.map((text) => ({ value: text, label: text, ...(!texts.includes(text) && { hint: 'not told apart by the model' }) })),
        { value: missing, label: MISSING }
      ]}
    />
  )
}

/** A point in time as UTC; what is half typed changes nothing. */
export function TimeCell({ value, onChange }: { value: number | null; onChange: (value: number | null) => void }) {
  const [typed, setTyped] = useState<string | null>(null)
  const text = value === null ? '' : timeText(value)
  return (
    <TextInput
      mono
      placeholder="2026-01-31 14:05, UTC; empty is missing"
      value={typed ?? text}
      aria-invalid={(typed !== null && typed !== '' && secondsOf(typed) === undefined) || undefined}
      onChange={(event) => {
        const next = event.target.value
        setTyped(next)
        const seconds = secondsOf(next)
        if (next.trim() === '') onChange(null)
        else if (seconds !== undefined) onChange(seconds)
      }}
      onBlur={() => setTyped(null)}
      className="w-full"
    />
  )
}
