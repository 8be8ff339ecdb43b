import { Filter, X } from 'lucide-react'
import { useEffect, useId, type RefObject } from 'react'
import { classNames, IconButton } from '../../ui'
import type { FilterVocabulary } from './filter-language'
import { useFilterCompletion, type FilterCompletion } from './use-filter-completion'

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
  const id = useId()
  const completion = useFilterCompletion(value, onChange, vocabulary)
  const { input, active, shown, scroll, message } = completion
  useSlash(input)
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
        onChange={(event) => completion.onType(event.target.value)}
        onSelect={completion.follow}
        onScroll={completion.follow}
        onFocus={() => completion.setOpen(true)}
        onBlur={() => completion.setOpen(false)}
        onKeyDown={completion.onKeyDown}
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
        <>
          <span
            aria-hidden
            className="pointer-events-none absolute bottom-0.5 h-0.5 w-2 bg-error font-mono text-caption"
            style={{ left: `calc(${PAD + 1}px + ${message.at}ch - ${scroll}px)` }}
          />
          <p
            id={`${id}-error`}
            role="alert"
            className="absolute top-8 right-0 left-0 z-30 rounded-md border border-error/50 bg-error-soft p-2 text-caption"
          >
            {message.message} The table still shows the last filter that could be read.
          </p>
        </>
      )}
      {shown && !message && <Completions id={id} completion={completion} />}
    </div>
  )
}

/** The key / goes to the field, except where one types. */
function useSlash(input: RefObject<HTMLInputElement | null>): void {
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
  }, [input])
}

function Completions({ id, completion }: { id: string; completion: FilterCompletion }) {
  const { choices, active, from, scroll, accept } = completion
  return (
    <ul
      id={`${id}-list`}
      role="listbox"
      aria-label="Completions"
      className="absolute top-8 z-30 max-h-64 min-w-60 overflow-y-auto rounded-md border bg-surface-1 p-1 shadow-float"
      style={{ left: `min(calc(${PAD - 8}px + ${from}ch - ${scroll}px), calc(100% - 240px))` }}
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
  )
}
