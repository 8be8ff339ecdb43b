import { join } from 'node:path'
import { expect, test } from '../fixtures/app'
import { answerDialog } from '../pages/workbench'

test.describe('a recorded run', () => {
  test.describe.configure({ timeout: 240_000 })

  test('is done again from its record on its page, and gives the same', async ({ app, page, directory, sample }) => {
    await answerDialog(app, sample.copyTo(join(directory, 'sample')))
    await page.getByRole('button', { name: 'Open a workspace' }).click()
    await page.getByRole('link', { name: 'Experiments', exact: true }).click()
    await page.getByRole('grid', { name: 'Runs' }).getByRole('row').nth(1).dblclick()
    await page.getByRole('button', { name: 'Run again from the record' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button', { name: 'Run again', exact: true }).click()
    await expect(dialog.getByText('the same', { exact: true })).toBeVisible({ timeout: 180_000 })
    await expect(dialog).toContainText(/\d+ things compared in \d+ s\./)
  })
})
