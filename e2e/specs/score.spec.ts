import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { accessibilityProblems } from '../fixtures/accessibility'
import { expect, test } from '../fixtures/app'
import { answerDialog, runCli } from '../pages/workbench'

test.describe('an approved model is used', () => {
  test.describe.configure({ timeout: 300_000 })

  test('a file is scored on the page of a model with reasons, and the version is tested on new rows beside its first test', async ({
    app,
    page,
    directory,
    sample
  }) => {
    const folder = sample.copyTo(join(directory, 'sample'))
    const [file, out] = ['march.csv', 'march-scores.csv'].map((name) => join(directory, name))
    const columns = 'id,month,aircraft,operator,state,phase,wildlife_size,species,time_of_day,speed'
    const rows = Array.from({ length: 300 }, (_, row) =>
      [
        ...[
          `case-${row}`,
          1 + (row % 12),
          'B-737-300',
          'SOUTHWEST AIRLINES',
          'Texas',
          'Approach',
          ['Small', 'Medium'][row % 2],
          'Gull',
          'Day'
        ],
        row === 41 ? 99999 : 120 + (row % 60)
      ].join(',')
    )
    writeFileSync(file!, [columns, ...rows, ''].join('\n'))
    const april = join(directory, 'april.csv')
    writeFileSync(april, [`${columns},damaged`, ...rows.map((row, at) => `${row},${at % 7 === 0}`), ''].join('\n'))
    runCli(['import', april, '-w', folder, '--name', 'april'], join(directory, 'user-data'))
    await answerDialog(app, folder)
    await page.getByRole('button', { name: 'Open a workspace' }).click()
    await page.getByRole('link', { name: 'Models', exact: true }).click()
    await page.getByRole('grid', { name: 'Registered models' }).getByText('strike-damage', { exact: true }).dblclick()
    await page.getByRole('tab', { name: 'Score a file' }).click()
    await answerDialog(app, file!)
    await page.getByRole('button', { name: 'Choose a file' }).click()
    await page.getByLabel('Columns to keep').fill('id')
    await page.getByLabel('Reasons beside each score').fill('2')
    await app.evaluate(({ dialog }, filePath) => {
      dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath })
    }, out!)
    await page.getByRole('button', { name: 'Score and save' }).click()
    await expect(page.getByText('300 rows of march.csv scored')).toBeVisible({ timeout: 120_000 })
    await expect(page.getByRole('row', { name: /^speed/ })).toContainText('1')
    await expect(page.getByRole('row', { name: /^state/ })).toContainText('a large shift')
    await expect(page.getByRole('row', { name: /^case-0/ })).toBeVisible()
    const [head, first] = readFileSync(out!, 'utf8').split('\n')
    expect(head).toBe('id,row,score,decision,reason_1,contribution_1,reason_2,contribution_2')
    expect(first).toMatch(/^case-0,1,0\.\d+,[01],\w+,-?\d[^,]*,\w+,-?\d[^,]*$/)

    await page.getByRole('tab', { name: 'Tests' }).click()
    await expect(page.getByText('The first test of this version.')).toBeVisible({ timeout: 60_000 })
    await page.getByRole('combobox', { name: 'Rows with known outcomes' }).fill('april')
    await page.getByRole('option', { name: /^april/ }).click()
    await page.getByRole('button', { name: 'Test on new data' }).click()
    await expect(page.getByText(/each difference is that of two samples/)).toBeVisible({ timeout: 120_000 })
    // The outcomes of these rows have nothing to do with their columns.
    await expect(page.getByRole('row', { name: /^AUC 0\.\d+ .*95% CI.*worse/ })).toBeVisible()
    expect(await accessibilityProblems(page)).toEqual([])
  })
})
