import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { accessibilityProblems } from '../fixtures/accessibility'
import { expect, test } from '../fixtures/app'
import { answerDialog, goTo, runCli } from '../pages/workbench'

const fixtures = join('main', 'core', 'imported-models', 'fixtures')

test.describe('a model made elsewhere', () => {
  test.describe.configure({ timeout: 300_000 })

  test('comes in by clicks: refused as a pickle, drafted, certified, taken in and registered', async ({ app, page, directory }) => {
    const lab = join(directory, 'lab')
    const users = join(directory, 'user-data')
    mkdirSync(users, { recursive: true })
    runCli(['init', lab], users)
    runCli(['import', join(fixtures, 'loans.csv'), '-w', lab, '--name', 'loans', '--type', 'default=text'], users)
    const [model, pickle, predictions] = ['scorecard.onnx', 'model.pkl', 'predicted.csv'].map((name) => join(directory, name))
    copyFileSync(join(fixtures, 'logistic-zipmap.onnx'), model!)
    writeFileSync(pickle!, Buffer.from([0x80, 0x04, 0x95, 0x10, 0, 0, 0, 0, 0, 0, 0, 0x8c, 0x2e]))
    const [head, ...rows] = readFileSync(join(fixtures, 'predictions.csv'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => line.split(','))
    const at = head!.indexOf('logistic-zipmap')
    writeFileSync(predictions!, ['prediction', ...rows.map((row) => row[at])].join('\n'))

    await answerDialog(app, lab)
    await page.getByRole('button', { name: 'Open a workspace' }).click()
    await goTo(page, 'Models')
    await expect(page.getByRole('heading', { name: 'No model is registered yet' })).toBeVisible()
    await page.getByRole('button', { name: 'Import a model' }).last().click()

    await test.step('a pickle is named and never opened', async () => {
      await answerDialog(app, pickle!)
      await page.getByRole('button', { name: 'Choose a file' }).click()
      await expect(page.getByRole('alert')).toContainText('a Python pickle')
      await expect(page.getByRole('alert')).toContainText('skl2onnx.to_onnx')
    })

    await test.step('the signature is drafted, and what the file leaves open is asked for', async () => {
      await answerDialog(app, model!)
      await page.getByRole('button', { name: 'Choose another file' }).first().click()
      await expect(page.getByText('X: float [?, 3]')).toBeVisible()
      await page.getByRole('combobox', { name: 'Rows with the target' }).fill('loans')
      await page.getByRole('option', { name: 'loans' }).click()
      await expect(page.getByRole('combobox', { name: 'Column that it predicts' })).toHaveValue('default')
      await expect(page.getByRole('alert')).toContainText('The input "X" takes 3 columns in one tensor')
      await expect(page.getByRole('button', { name: 'Import', exact: true })).toBeDisabled()
      await page.getByLabel('Input columns').fill('income, age, debt')
      await expect(page.getByRole('row', { name: /^debt X \(float\), place 3/ })).toBeVisible({ timeout: 60_000 })
      await expect(page.getByText('It predicts "default": "yes", "no".')).toBeVisible()
    })

    await test.step('the certificate stands beside it before anything is kept', async () => {
      await answerDialog(app, predictions!)
      await page.getByRole('button', { name: 'Choose a file' }).click()
      await expect(page.getByText('no decision changes at the threshold 0.5')).toBeVisible({ timeout: 60_000 })
      await page.getByRole('checkbox', { name: 'The model learned from these rows' }).click()
      expect(await accessibilityProblems(page)).toEqual([])
    })

    await test.step('a run takes it in, and it is registered', async () => {
      await page.getByRole('button', { name: 'Import', exact: true }).click()
      await expect(page.getByRole('heading', { name: 'The model is taken in' })).toBeVisible({ timeout: 120_000 })
      await expect(page.getByText(/no decision changes at the threshold 0\.5/)).toBeVisible()
      await page.getByRole('button', { name: 'Register', exact: true }).click()
      const dialog = page.getByRole('dialog', { name: 'Register as model' })
      await dialog.getByLabel('Model name').fill('loans-elsewhere')
      await dialog.getByRole('checkbox', { name: 'Register a draft without gate' }).click()
      await dialog.getByRole('button', { name: 'Register', exact: true }).click()
      await expect(dialog).toBeHidden()
      await page.getByRole('button', { name: 'Done' }).click()
      await expect(page.getByRole('grid', { name: 'Registered models' }).getByText('loans-elsewhere')).toBeVisible()
    })
  })
})
