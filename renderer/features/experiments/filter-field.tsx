import { Filter, X } from 'lucide-react'
import { useEffect, useId, useMemo, useRef, useState, type KeyboardEvent } from 'react'
import { classNames, IconButton } from '../../ui'
import { completeFilter, findFilterMistake, type Completion, type FilterVocabulary } from './filter-language'

export interface FilterFieldProps {
  value: string
  onChange: (value: string) => void
  vocabulary: FilterVocabulary
}

const PAD = 30

/**
 * The filter expression of the runs. The key / puts the cursor here; names, comparisons and values are completed
 * (arrows, Enter or Tab); a mistake is marked at its character while one types.
 */
export function FilterField({ value, onChange, vocabulary }: FilterFieldProps) {
  const input = useRef<HTMLInputElement>(null)
  const id = useId()
  const [open, setOpen] = useState(false)
  const [cursor, setCursor] = useState(0)
  const [active, setActive] = useState(-1)
  const [scroll, setScroll] = useState(0)
  useEffect(() => {
    const onSlash = (event: globalThis.KeyboardEvent) => {
      const target = event.target as HTMLElement | null
      if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey) return
      if (target?.closest('input, textarea, [contenteditable="true"], [role="dialog"]')) return
      event.preventDefault()
      input.current?.focus()
      input.current?.select()
    }
    window.addEventListener('keydown', onSlash)
    return () => window.removeEventListener('keydown', onSlash)
  }, [])
  const completion = useMemo(() => completeFilter(value, Math.min(cursor, value.length), vocabulary), [value, cursor, vocabulary])
  const mistake = useMemo(() => findFilterMistake(value), [value])
  const { choices } = completion
  const shown = open && choices.length > 0
  const follow = () => {
    const element = input.current
    if (!element) return
    setCursor(element.selectionStart ?? element.value.length)
    setScroll(element.scrollLeft)
  }
  const accept = (choice: Completion) => {
    const tail = choice.text.endsWith('(') ? '' : ' '
    const head = value.slice(0, completion.from) + choice.text + tail
    const next = head + value.slice(completion.to).replace(/^ /, '')
    onChange(next)
    setActive(-1)
    setCursor(head.length)
    requestAnimationFrame(() => {
      input.current?.setSelectionRange(head.length, head.length)
      follow()
    })
  }
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    const move = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (move !== 0) {
      setOpen(true)
      if (choices.length) setActive((active + move + choices.length + (active < 0 && move < 0 ? 1 : 0)) % choices.length)
    } else if ((event.key === 'Enter' || event.key === 'Tab') && shown && active >= 0) accept(choices[active])
    else if (event.key === 'Enter') setOpen(false)
    else if (event.key === 'Escape') {
      event.stopPropagation()
      if (shown) setOpen(false)
      else if (value) onChange('')
      else input.current?.blur()
    } else return
    event.preventDefault()
  }
  // What is being typed at the cursor is not a mistake yet: as long as it can be completed only earlier mistakes are told.
  const atCursor = mistake !== null && (mistake.unfinished || (mistake.at >= completion.from && choices.length > 0))
  const message = mistake && !(open && atCursor) ? mistake : null
  return (
    <div className="relative min-w-60 flex-1">
      <Filter aria-hidden className="pointer-events-none absolute top-1.5 left-2 size-4 text-muted" />
      <input
        ref={input}
        type="text"
        role="combobox"
        aria-label="Filter runs"
        aria-autocomplete="list"
        aria-expanded={shown}
        aria-controls={shown ? `${id}-list` : undefined}
        aria-activedescendant={shown && active >= 0 ? `${id}-${active}` : undefined}
        aria-invalid={message !== null || undefined}
        aria-describedby={message ? `${id}-error` : undefined}
        spellCheck={false}
        autoComplete="off"
        value={value}
        placeholder="Filter, such as metrics.auc > 0.8 and status = 'finished'"
        onChange={(event) => {
          onChange(event.target.value)
          setOpen(true)
          setActive(-1)
          follow()
        }}
        onSelect={follow}
        onScroll={follow}
        onFocus={() => setOpen(true)}
        onBlur={() => setOpen(false)}
        onKeyDown={onKeyDown}
        className={classNames(
          'control-focus h-7 w-full rounded-md border bg-surface-1 pr-8 pl-7.5 font-mono text-caption select-text',
          message ? 'border-error' : 'border-line-strong/60'
        )}
      />
      {value && (
        <span className="absolute top-0.5 right-0.5">
          <IconButton icon={X} size="sm" label="Clear the filter" onClick={() => onChange('')} />
        </span>
      )}
      {message && (
        <span
          aria-hidden
          className="pointer-events-none absolute bottom-0.5 h-0.5 w-2 bg-error font-mono text-caption"
          style={{ left: `calc(${PAD + 1}px + ${message.at}ch - ${scroll}px)` }}
        />
      )}
      {message && (
        <p
          id={`${id}-error`}
          role="alert"
          className="absolute top-8 right-0 left-0 z-30 rounded-md border border-error/50 bg-error-soft p-2 text-caption"
        >
          {message.message} The table still shows the last filter that could be read.
        </p>
      )}
      {shown && !message && (
        <ul
          id={`${id}-list`}
          role="listbox"
          aria-label="Completions"
          className="absolute top-8 z-30 max-h-64 min-w-60 overflow-y-auto rounded-md border bg-surface-1 p-1 shadow-float"
          style={{ left: `min(calc(${PAD - 8}px + ${completion.from}ch - ${scroll}px), calc(100% - 240px))` }}
        >
          {choices.map((choice, index) => (
            <li
              key={choice.text}
              id={`${id}-${index}`}
              role="option"
              aria-selected={index === active}
              ref={index === active ? (element) => element?.scrollIntoView({ block: 'nearest' }) : undefined}
              onMouseDown={(event) => {
                event.preventDefault()
                accept(choice)
              }}
              className={classNames(
                'flex items-baseline gap-3 rounded-sm px-2 py-0.5 font-mono text-caption',
                index === active ? 'bg-surface-2' : 'hover:bg-surface-2'
              )}
            >
              <span className="flex-1">{choice.text}</span>
              <span className="font-sans text-micro text-muted">{choice.kind}</span>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
