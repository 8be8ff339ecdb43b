import { accessibilityProblems } from '../fixtures/accessibility'
import { expect, test } from '../fixtures/app'

test('help is there before a workspace is, is found and read by the keyboard, and leaves the page by none of its links', async ({
  app,
  page
}) => {
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.setContentSize(1366, 768))
  const asked: string[] = []
  page.on('request', (request) => asked.push(request.url()))
  await expect(page.getByText('Recent workspaces')).toBeVisible()
  await page.keyboard.press('F1')
  const article = page.getByRole('article')
  await expect(article.getByRole('heading', { name: 'Guide', exact: true })).toBeVisible()

  await article.getByRole('link', { name: 'Write a policy' }).click()
  await expect(article.getByRole('heading', { name: 'Write a policy' })).toBeVisible()
  await expect(article).toBeFocused()
  expect(await accessibilityProblems(page)).toEqual([])

  await page.keyboard.press('/')
  await page.keyboard.type('training.json')
  const places = page.getByRole('navigation', { name: 'Guide' }).getByRole('link')
  // Every letter finds other places; the last one leads here.
  await expect(places.first()).toContainText('Script steps')
  await expect(page.getByText(/^\d+ found$/)).toBeVisible()
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await expect(article.getByRole('heading', { name: 'Script steps' })).toBeVisible()
  await expect(places).not.toHaveCount(0)

  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme })
    await page.evaluate(() => (location.hash = '#/help/reference/steps?part=train-train'))
    await expect(article.getByRole('heading', { name: 'train: Train' })).toBeInViewport()
    expect(await accessibilityProblems(page), colorScheme).toEqual([])
  }
  // Nothing but a table of its own scrolls sideways.
  expect(await article.evaluate((own) => own.scrollWidth <= own.clientWidth)).toBe(true)

  await page.keyboard.press('ControlOrMeta+K')
  await page.keyboard.type('Help: Tutorial')
  await page.keyboard.press('Enter')
  await expect(article.getByRole('heading', { name: 'Tutorial: your own table in ten minutes' })).toBeVisible()
  expect(asked.filter((url) => !url.startsWith('app:'))).toEqual([])
})
