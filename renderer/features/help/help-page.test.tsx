import { afterEach, describe, expect, it } from 'vitest'
import { renderWithHost, type RenderedScreen } from '../../host/testing'
import { guidePages } from './guide-pages'
import { HelpPage } from './help-page'
import { actions } from '.'

let screen: RenderedScreen | undefined
afterEach(async () => {
  await screen?.unmount()
  screen = undefined
  window.location.hash = ''
})

const open = async (hash: string): Promise<RenderedScreen> => {
  window.location.hash = hash
  return (screen = await renderWithHost(<HelpPage />, {}))
}
const article = (): HTMLElement => document.querySelector('article')!

describe('help', () => {
  it('has the pages that the program ships, and opens the first', async () => {
    await open('#/help')
    expect(guidePages[0]!.topic).toBe('index')
    expect(document.querySelectorAll('nav[aria-label="Guide"] a')).toHaveLength(guidePages.length)
    expect(article().querySelector('h2')?.textContent).toBe('Guide')
  })

  it('goes from page to page by links, and to a part of a page', async () => {
    await open('#/help/script-steps')
    expect(article().querySelectorAll('table').length).toBeGreaterThan(2)
    expect(article().querySelector('h3')?.id).toBe('formats')
    const targets = [...document.querySelectorAll<HTMLAnchorElement>('nav[aria-label="Guide"] a')].map((link) => link.getAttribute('href'))
    expect(targets).toContain('#/help/reference/steps')
    await screen!.unmount()
    await open('#/help/reference/steps')
    const link = [...article().querySelectorAll('a')].find((each) => /pipeline document/.test(each.textContent ?? ''))
    expect(link?.getAttribute('href')).toBe('#/help/reference/documents')
  })

  it('finds where words stand and leads there', async () => {
    await open('#/help')
    await screen!.type(document.querySelector<HTMLInputElement>('input[role="searchbox"]')!, 'DRYDOCK_SEED')
    await screen!.shows(/\d+ found/)
    const [first] = [...document.querySelectorAll<HTMLAnchorElement>('nav[aria-label="Guide"] a')]
    expect(first!.getAttribute('href')).toMatch(/^#\/help\/.+find=DRYDOCK_SEED$/)
    await screen!.type(document.querySelector<HTMLInputElement>('input[role="searchbox"]')!, 'a word like qwxzy')
    await screen!.shows('Try fewer')
  })

  it('says that there is no such page, with the list beside it', async () => {
    await open('#/help/nonsense')
    expect(screen!.text()).toContain('No such page')
    expect(document.querySelector('nav[aria-label="Guide"]')).not.toBeNull()
  })

  it('is in the palette, each page by its title', () => {
    expect(actions[0]).toMatchObject({ title: 'Open the guide', keys: 'F1' })
    expect(actions.map(({ title }) => title)).toContain('Help: Script steps')
  })
})
