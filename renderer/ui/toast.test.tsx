import { act } from 'react'
import { expect, it } from 'vitest'
import { renderPlain } from '../host/testing'
import { showToast } from '.'

it('can be closed by whoever hears the window, also while others stand beside it', async () => {
  const screen = await renderPlain(<p>A page.</p>)
  for (const title of ['Draft saved', 'Saved as a version']) await act(async () => void showToast({ title }))
  const buttons = [...document.querySelectorAll('button[aria-label="Close"]')]
  expect(buttons).toHaveLength(2)
  expect(buttons.map((button) => button.getAttribute('aria-hidden'))).toEqual(['false', 'false'])
  await screen.unmount()
})
