import type { Page } from '@playwright/test'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { accessibilityProblems } from '../fixtures/accessibility'
import { expect, test } from '../fixtures/app'
import { answerDialog, goTo } from '../pages/workbench'

test.describe.configure({ timeout: 300_000 })

/** The keyboard goes on from where one is: the focus is never at the root of the document. */
async function expectFocusKept(page: Page): Promise<void> {
  await expect.poll(() => page.evaluate(() => document.activeElement?.tagName ?? 'none')).not.toMatch(/BODY|HTML|none/)
}

/** 900 customers; who calls support often and pays much leaves more often, and one in five does as chance wants. */
function writeCustomers(path: string): void {
  let state = 7
  const draw = (below: number): number => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return Math.floor((state / 2_147_483_648) * below)
  }
  const lines = Array.from({ length: 900 }, (_, row) => {
    const [age, calls, fee] = [18 + draw(60), draw(10), 5 + draw(4000) / 100]
    const leaves = draw(5) === 0 ? draw(2) === 0 : calls * 4 + fee > 42
    return `C${String(row).padStart(5, '0')},${age},${['A', 'B', 'C'][draw(3)]},${fee.toFixed(2)},${calls},${leaves ? 'yes' : 'no'}`
  })
  writeFileSync(path, ['customer,age,plan,monthly fee,support calls,churned', ...lines].join('\n'))
}

test('an own file becomes a first model with a result and a gate, from the first screen on', async ({ app, page, directory }) => {
  const file = join(directory, 'customers.csv')
  writeCustomers(file)

  await test.step('the first screen opens the file in a workspace that is told and can be changed', async () => {
    for (const door of ['Open my file', 'Try the sample', 'Check a bundle I received'])
      await expect(page.getByRole('button', { name: door })).toBeVisible()
    expect(await accessibilityProblems(page)).toEqual([])
    await answerDialog(app, file)
    await page.getByRole('button', { name: 'Open my file' }).click()
    const dialog = page.getByRole('dialog', { name: 'A workspace for customers.csv' })
    await expect(dialog.getByLabel('Name')).toHaveValue('customers')
    await answerDialog(app, directory)
    await dialog.getByRole('button', { name: 'Choose' }).click()
    await expect(dialog.getByText(`The folder will be ${join(directory, 'customers')}`)).toBeVisible()
    await dialog.getByRole('button', { name: 'Create it and look at the file' }).click()
    await expect(dialog).toBeHidden()
  })

  await test.step('the import leads to the quality report', async () => {
    await expect(page.getByRole('grid', { name: 'Columns of the file' })).toBeVisible()
    await page.getByRole('button', { name: 'Import', exact: true }).click()
    await expect(page.getByText(/Made from all 900 rows/)).toBeVisible()
    await expect(page.getByRole('tab', { name: 'Quality' })).toHaveAttribute('aria-selected', 'true')
    await expectFocusKept(page)
    expect(await accessibilityProblems(page)).toEqual([])
  })

  await test.step('the question is told from the target, and one that it cannot ask is refused with the reason', async () => {
    await page.getByRole('button', { name: 'Train a baseline' }).click()
    const dialog = page.getByRole('dialog', { name: 'Train a baseline on customers' })
    const target = dialog.getByRole('combobox', { name: 'Column to predict' })
    await expect(target).toHaveValue('churned')
    expect(await accessibilityProblems(page)).toEqual([])
    await target.fill('monthly')
    await page.getByRole('option', { name: /monthly fee/ }).click()
    const question = dialog.getByRole('combobox', { name: 'Question' })
    await expect(question).toHaveText('An amount or a count')
    await expect(dialog.getByRole('button', { name: 'Train', exact: true })).toBeEnabled()
    await question.click()
    await page.getByRole('option', { name: 'Yes or no' }).click()
    await expect(dialog.getByRole('alert')).toContainText('is a number with')
    await expect(dialog.getByRole('button', { name: 'Train', exact: true })).toBeDisabled()
    await target.fill('churned')
    await page.getByRole('option', { name: /churned/ }).click()
    await dialog.getByRole('button', { name: 'Train', exact: true }).click()
  })

  await test.step('the run ends with figures beside a naive model, and a gate result that says what it means', async () => {
    await expect(page.getByRole('heading', { name: 'First model for churned', level: 1 })).toBeVisible()
    const result = page.getByRole('region', { name: 'Result' })
    await expect(result).toBeVisible({ timeout: 180_000 })
    await expect(result).toContainText(/better than chance: AUC 0\.\d+ \(95% CI 0\.\d+ to 0\.\d+\); 0\.5 is chance/)
    await expect(result).toContainText(/Brier skill/)
    await expect(result).toContainText(/Gate (passed|failed|undecided)/)
    await expect(result).toContainText('The model is kept as customers-baseline@1')
    expect(await accessibilityProblems(page)).toEqual([])
    await expectFocusKept(page)
    await result.getByRole('button', { name: /^(Read the rules|Read what does not hold)$/ }).click()
    const report = page.getByRole('dialog', { name: 'Gate report' })
    await expect(report).toBeVisible()
    await page.keyboard.press('Escape')
    await expect(report).toBeHidden()
    await expectFocusKept(page)
    await result.getByRole('button', { name: /^(Write its purpose|Open the model)$/ }).click()
    await expect(page.getByRole('heading', { name: /customers-baseline/, level: 1 })).toBeVisible()
  })

  await test.step('the list of models does not scroll sideways on a small screen with the inspector open', async () => {
    await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.setContentSize(1366, 768))
    await goTo(page, 'Models')
    const models = page.getByRole('grid', { name: 'Registered models' })
    await models.getByText('customers-baseline').click()
    await expect(page.getByRole('complementary', { name: 'Inspector' }).getByText('Version 1')).toBeVisible()
    await expect.poll(() => models.evaluate((grid) => grid.scrollWidth - grid.clientWidth)).toBeLessThanOrEqual(0)
  })

  await test.step('the focus stays in the window when areas change by keys, a palette closes and a dataset is put in the trash', async () => {
    await expectFocusKept(page)
    const palette = page.getByRole('dialog', { name: 'Command palette' })
    await page.keyboard.press('Control+K')
    await expect(palette).toBeVisible()
    await page.keyboard.press('Escape')
    await expect(palette).toBeHidden()
    await expectFocusKept(page)
    await page.keyboard.press('Control+1')
    await expect(page.getByRole('grid', { name: 'Datasets' })).toBeVisible()
    await expectFocusKept(page)
    await page.getByRole('gridcell', { name: 'customers' }).first().click()
    await page.getByRole('complementary', { name: 'Inspector' }).getByRole('button', { name: 'Move to trash' }).click()
    await expect(page.getByText('No data yet')).toBeVisible()
    await expectFocusKept(page)
  })
})
