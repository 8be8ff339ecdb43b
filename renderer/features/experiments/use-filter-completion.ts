import { useMemo, useRef, useState, type KeyboardEvent } from 'react'
import { completeFilter, findFilterMistake, type Completion, type FilterVocabulary } from './filter-language'

export type FilterCompletion = ReturnType<typeof useFilterCompletion>

/** What can be written at the cursor of a filter expression, which of it is chosen, the keys for it, and the mistake that is worth telling now. */
export function useFilterCompletion(value: string, onChange: (value: string) => void, vocabulary: FilterVocabulary) {
  const input = useRef<HTMLInputElement>(null)
  const [open, setOpen] = useState(false)
  const [cursor, setCursor] = useState(0)
  const [active, setActive] = useState(-1)
  const [scroll, setScroll] = useState(0)
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
  const onType = (text: string) => {
    onChange(text)
    setOpen(true)
    setActive(-1)
    follow()
  }
  // What is being typed at the cursor is not a mistake yet: as long as it can be completed only earlier mistakes are told.
  const atCursor = mistake !== null && (mistake.unfinished || (mistake.at >= completion.from && choices.length > 0))
  return {
    input,
    choices,
    /** Place of the word that a choice replaces, in characters. */
    from: completion.from,
    /** Index of the choice under the arrow keys, or -1. */
    active,
    shown,
    /** How far the text of the field is scrolled, px. */
    scroll,
    message: mistake && !(open && atCursor) ? mistake : null,
    accept,
    follow,
    onType,
    onKeyDown,
    setOpen
  }
}
