import { act } from 'react'
import { createRoot, type Root } from 'react-dom/client'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'
import { useDraft } from './use-draft'

let root: Root
let input: HTMLInputElement
let commits: string[]
const stored = createStore<string>(() => 'start')
const outside = (value: string) => stored.setState(value, true)
/** Applies the n-th commit as the document does: later, and trimmed. */
const answer = (index: number) => outside(commits[index].trim())

function Field({ pause }: { pause?: number | null }) {
  const value = useStore(stored)
  const { draft, change, flush } = useDraft(value, (text) => void commits.push(text), pause)
  return (
    <>
      <input value={draft} onChange={(event) => change(event.target.value)} onBlur={flush} />
      <button onClick={() => change('pressed')} />
    </>
  )
}

const type = (text: string) =>
  act(() => {
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')!.set!.call(input, text)
    input.dispatchEvent(new Event('input', { bubbles: true }))
  })
const pauseFor = (milliseconds: number) => act(() => void vi.advanceTimersByTime(milliseconds))

async function show(pause?: number | null) {
  const host = document.body.appendChild(document.createElement('div'))
  root = createRoot(host)
  await act(async () => root.render(<Field pause={pause} />))
  input = host.querySelector('input')!
  input.focus()
}

beforeEach(() => {
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true)
  vi.useFakeTimers()
  commits = []
  outside('start')
})
afterEach(() => {
  act(() => root.unmount())
  document.body.replaceChildren()
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

describe('a field that commits while one types', () => {
  it('keeps the space before the next word, though the document trims it', async () => {
    await show()
    type('Strike ')
    pauseFor(400)
    expect(commits).toEqual(['Strike '])
    act(() => answer(0))
    expect(input.value).toBe('Strike ')
  })

  it('is not set back by the late answer to an earlier commit', async () => {
    await show()
    type('one')
    pauseFor(400)
    type('one two')
    pauseFor(400)
    act(() => answer(0))
    expect(input.value).toBe('one two')
    act(() => answer(1))
    expect(input.value).toBe('one two')
  })

  it('takes over what comes from elsewhere as soon as it was left', async () => {
    await show()
    type('one')
    act(() => input.blur())
    expect(commits).toEqual(['one'])
    act(() => answer(0))
    act(() => outside('undone'))
    expect(input.value).toBe('undone')
  })

  it('shows the stored value after it was left, when that came while one was in the field', async () => {
    await show()
    type('Strike ')
    pauseFor(400)
    act(() => answer(0))
    act(() => input.blur())
    expect(input.value).toBe('Strike')
  })

  it('keeps what was committed when the field is left before the document answered', async () => {
    await show()
    type('one ')
    pauseFor(400)
    act(() => input.blur())
    expect(input.value).toBe('one ')
    act(() => answer(0))
    expect(input.value).toBe('one')
    // A value that was missed once, and taken over, is not missed for ever.
    act(() => input.focus())
    type('two ')
    pauseFor(400)
    act(() => answer(1))
    act(() => input.blur())
    expect(input.value).toBe('two')
    act(() => input.focus())
    type('three')
    pauseFor(400)
    act(() => input.blur())
    expect(input.value).toBe('three')
  })

  it('keeps what a button changed while that waits, though another value comes from elsewhere', async () => {
    await show()
    act(() => input.blur())
    act(() => document.querySelector('button')!.click())
    act(() => outside('elsewhere'))
    expect(input.value).toBe('pressed')
    pauseFor(400)
    expect(commits).toEqual(['pressed'])
  })

  it('can wait until the field is left, and commits when it goes away', async () => {
    await show(null)
    type('split')
    pauseFor(5000)
    expect(commits).toEqual([])
    act(() => input.blur())
    expect(commits).toEqual(['split'])
    act(() => input.focus())
    type('split_2')
    act(() => root.render(null))
    expect(commits).toEqual(['split', 'split_2'])
  })
})
