import AxeBuilder from '@axe-core/playwright'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { accessibilityProblems } from '../fixtures/accessibility'
import { expect, test } from '../fixtures/app'
import { dropOnWindow } from '../pages/workbench'

/** Half seen: the text of the notice is there, in a colour between its own and that of what lies behind it. */
const halfSeen = { coming: 20, going: 60 }

/** What next fades stands nearly still at this moment of its 120 ms, until it is let go on. */
const holdFades = (page: Page, moment: number): Promise<void> =>
  page.evaluate((at) => {
    document.ontransitionrun = () => {
      for (const fade of document.getAnimations()) Object.assign(fade, { currentTime: at, playbackRate: 0.0001 })
    }
  }, moment)

/** What is left of the fades takes some seconds: a check that does not wait meets them. */
const letFade = (page: Page): Promise<void> =>
  page.evaluate(() => {
    document.ontransitionrun = null
    for (const fade of document.getAnimations()) fade.playbackRate = 0.04
  })

/** What axe alone finds, without waiting. */
async function foundAtOnce(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze()
  return violations.map(({ id }) => id)
}

test('a check of accessibility waits for a notice that comes or goes, whose colours for that time nobody reads', async ({
  page,
  directory
}) => {
  const folder = join(directory, 'folder')
  mkdirSync(folder)
  await expect(page.getByText('Recent workspaces')).toBeVisible()
  const notice = page.getByText('folder is a folder.')

  await holdFades(page, halfSeen.coming)
  await dropOnWindow(page, [folder])
  // Under the mouse a notice stays.
  await notice.hover()
  expect(await foundAtOnce(page)).toEqual(['color-contrast'])
  const [whenShown] = await Promise.all([accessibilityProblems(page), letFade(page)])
  expect(whenShown).toEqual([])
  await expect(notice).toBeVisible()

  await holdFades(page, halfSeen.going)
  await page.getByRole('button', { name: 'Close', exact: true }).click()
  expect(await foundAtOnce(page)).toEqual(['color-contrast'])
  const [whenGone] = await Promise.all([accessibilityProblems(page), letFade(page)])
  expect(whenGone).toEqual([])
  await expect(notice).toBeHidden()
})
