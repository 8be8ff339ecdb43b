import { afterEach, describe, expect, it, vi } from 'vitest'
import { cyclePanels } from './shortcuts'

describe('moving between panels', () => {
  afterEach(() => {
    vi.restoreAllMocks()
    document.body.replaceChildren()
  })

  it('reaches every panel, also past one that lies within another, both ways', () => {
    vi.spyOn(HTMLElement.prototype, 'offsetWidth', 'get').mockReturnValue(100)
    document.body.innerHTML = `<nav data-panel tabindex="-1" id="nav"></nav>
      <main data-panel tabindex="-1" id="main"><div data-panel tabindex="0" id="table"></div><aside data-panel id="side"></aside></main>
      <footer data-panel tabindex="-1" id="foot"></footer>`
    const walk = (backwards: boolean, times: number): (string | undefined)[] =>
      Array.from({ length: times }, () => {
        cyclePanels(backwards)
        return document.activeElement?.id
      })
    expect(walk(false, 6)).toEqual(['nav', 'main', 'table', 'side', 'foot', 'nav'])
    expect(walk(true, 5)).toEqual(['foot', 'side', 'table', 'main', 'nav'])
  })
})
