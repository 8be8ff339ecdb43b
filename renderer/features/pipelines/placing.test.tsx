import { afterEach, expect, it } from 'vitest'
import type { CanvasHandle } from './canvas-props'
import type { Editor } from './editor-store'
import { createPlacing } from './placing'

afterEach(() => document.body.replaceChildren())

/** Shows a new step that was asked for in the search of the palette, and says whether it got the focus or was only shown. */
async function shown(meanwhile: (search: HTMLInputElement, panel: HTMLElement) => void): Promise<string> {
  const panel = document.createElement('aside')
  panel.dataset.panel = ''
  panel.tabIndex = -1
  const search = panel.appendChild(document.createElement('input'))
  document.body.append(panel)
  search.focus()
  const from = document.activeElement
  meanwhile(search, panel)
  return new Promise((resolve) => {
    const canvas = { current: { focus: () => resolve('focused'), show: () => resolve('shown') } as unknown as CanvasHandle }
    createPlacing({ select: () => undefined } as unknown as Editor, canvas).show(['sql'], from)
  })
}

it('gives a new step the focus where the search that asked for it is still there, empty', async () => {
  expect(await shown(() => undefined)).toBe('focused')
})

it('gives it also where the palette closed over the search and the focus fell back to a panel', async () => {
  expect(
    await shown((search, panel) => {
      search.remove()
      panel.focus()
    })
  ).toBe('focused')
})

it('leaves the focus to whoever types on or went elsewhere', async () => {
  expect(await shown((search) => (search.value = 'sp'))).toBe('shown')
  document.body.replaceChildren()
  expect(await shown((_search, panel) => panel.focus())).toBe('shown')
  document.body.replaceChildren()
  expect(
    await shown((search) => {
      search.remove()
      document.body.appendChild(document.createElement('input')).focus()
    })
  ).toBe('shown')
})
