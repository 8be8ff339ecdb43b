import { useState } from 'react'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { renderPlain, type RenderedScreen } from '../host/testing'
import { Button, ConfirmDialog } from '../ui'
import { useKeepFocus } from './keep-focus'

let screen: RenderedScreen | undefined
beforeEach(() => document.body.focus())
afterEach(async () => {
  await screen?.unmount()
  screen = undefined
})

/** A page with a list in a panel, a row that can be deleted after a question, and another area. */
function Frame() {
  useKeepFocus()
  const [area, setArea] = useState('list')
  const [hasRow, setHasRow] = useState(true)
  const [isAsking, setIsAsking] = useState(false)
  const [isBusy, setIsBusy] = useState(false)
  return (
    <>
      <button onClick={() => setArea('other')}>Other area</button>
      <main data-panel tabIndex={-1}>
        {area === 'list' ? (
          <section data-panel tabIndex={-1} aria-label="The list">
            {hasRow && <Button onClick={() => setIsAsking(true)}>Delete the row</Button>}
            <Button disabled={isBusy} onClick={() => setIsBusy(true)}>
              Save
            </Button>
            <ConfirmDialog
              open={isAsking}
              onOpenChange={setIsAsking}
              title="Delete it?"
              text="It is gone then."
              action="Delete"
              onConfirm={() => {
                setHasRow(false)
                setIsAsking(false)
              }}
            />
          </section>
        ) : (
          <p>Elsewhere</p>
        )}
      </main>
    </>
  )
}

const focus = async (name: string): Promise<HTMLElement> => {
  const found = screen!.find('button', name)
  found.focus()
  await screen!.settle()
  return found
}

describe('the focus', () => {
  it('stays in the list when a row is deleted by a dialog whose button went away with the row', async () => {
    screen = await renderPlain(<Frame />)
    await screen.click(await focus('Delete the row'))
    await screen.settle(200)
    await screen.click(await focus('Delete'))
    await screen.settle(400)
    expect(document.querySelector('[role="dialog"]')).toBeNull()
    expect(document.activeElement?.getAttribute('aria-label')).toBe('The list')
  })

  it('goes to the page when the area that had it is left', async () => {
    screen = await renderPlain(<Frame />)
    await focus('Save')
    await screen.click(screen.find('button', 'Other area'))
    await screen.settle(200)
    expect(screen.text()).toContain('Elsewhere')
    expect(document.activeElement?.tagName).toBe('MAIN')
  })

  it('leaves a button that can no longer be pressed for the panel around it', async () => {
    screen = await renderPlain(<Frame />)
    const save = await focus('Save')
    await screen.click(save)
    // A browser takes the focus from what is disabled; jsdom does not.
    save.blur()
    await screen.click(screen.find('button', 'Delete the row'))
    await screen.settle(200)
    expect(document.activeElement).not.toBe(document.body)
  })

  it('is not taken from who has it, and a click beside everything loses nothing', async () => {
    screen = await renderPlain(<Frame />)
    const save = await focus('Save')
    save.blur()
    document.body.append(document.createElement('i'))
    await screen.settle(200)
    expect(document.activeElement).toBe(document.body)
    document.querySelector('i')?.remove()
  })
})
