import { useEffect, useRef, useState } from 'react'
import { TextInput } from '../../ui'

/** A text that is stored when the cursor leaves it or on Enter; Escape brings the former one back. */
export function InlineText({
  value,
  label,
  maximum,
  onCommit,
  disabled,
  invalid
}: {
  value: string | null
  label: string
  maximum: number
  onCommit: (value: string | null) => void
  disabled?: boolean
  invalid?: boolean
}) {
  const [text, setText] = useState(value ?? '')
  const reverting = useRef(false)
  useEffect(() => setText(value ?? ''), [value])
  const commit = () => {
    const next = text.trim() || null
    if (!reverting.current && next !== (value ?? null)) onCommit(next)
    reverting.current = false
  }
  return (
    <TextInput
      aria-label={label}
      aria-invalid={invalid || undefined}
      disabled={disabled}
      value={text}
      maxLength={maximum}
      placeholder={'\u2013'}
      className={invalid ? undefined : 'border-transparent hover:border-line-strong'}
      onChange={(event) => setText(event.target.value)}
      onBlur={commit}
      onKeyDown={(event) => {
        if (event.key === 'Enter') {
          // Not the form around it: Enter ends this entry.
          event.preventDefault()
          event.currentTarget.blur()
        }
        if (event.key !== 'Escape') return
        event.stopPropagation()
        reverting.current = true
        setText(value ?? '')
        event.currentTarget.blur()
      }}
    />
  )
}
