import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { accessibilityProblems } from '../fixtures/accessibility'
import { expect, test } from '../fixtures/app'
import { answerDialog } from '../pages/workbench'
import { sheetsOfPdf, textOfPdf } from '../fixtures/pdf-text'

/** Figures as people read them: a minus sign is a minus. */
const plain = (text: string): string => text.replaceAll('\u2212', '-')

const tableOf = async (page: Page, title: string): Promise<string[][]> => {
  const figure = page.getByRole('figure', { name: title })
  await figure.getByRole('button', { name: 'Show as table' }).click()
  // What the pointer rests on shows its hint.
  await page.mouse.move(0, 0)
  await expect(page.getByRole('button', { name: 'Show as chart' }).first()).toBeVisible()
  return figure
    .getByRole('row')
    .evaluateAll((rows) => rows.map((row) => [...row.querySelectorAll('td')].map((cell) => cell.textContent ?? '')))
}

test.describe('a decision is explained to a manager', () => {
  test.describe.configure({ timeout: 300_000 })

  test('with what moves the model, one row in words, another value, and a sheet whose figures are those of the command line', async ({
    app,
    page,
    directory,
    sample
  }) => {
    const folder = sample.copyTo(join(directory, 'sample'))
    await answerDialog(app, folder)
    await page.getByRole('button', { name: 'Open a workspace' }).click()
    await page.getByRole('link', { name: 'Models', exact: true }).click()
    await page.getByRole('grid', { name: 'Registered models' }).getByText('strike-damage', { exact: true }).dblclick()
    await page.getByRole('tab', { name: 'Why' }).click()
    expect(await accessibilityProblems(page)).toEqual([])

    await page.getByRole('button', { name: 'Explain this run' }).click()
    await expect(page.getByRole('figure', { name: 'What moves the answers' })).toBeVisible({ timeout: 120_000 })
    await expect(page.getByText(/^The answers to 1,000 rows start from .* are moved most by "species"/)).toBeVisible()
    await expect(page.getByRole('figure', { name: 'The mean answer when all rows get a value' })).toBeVisible()
    expect((await tableOf(page, 'What moves the answers'))[1]![0]).toBe('species')
    expect(await accessibilityProblems(page)).toEqual([])

    // By the keyboard to the other part, to row 3, and to its value of speed.
    await page.getByRole('tab', { name: 'The model', exact: true }).focus()
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('Enter')
    const row = page.getByLabel('Row of the test data, of 2,500 rows')
    await row.fill('3')
    await row.press('Tab')
    const narrative = page.getByTestId('row-narrative')
    await expect(narrative).toContainText('The model gives row 3 a probability of', { timeout: 60_000 })
    const told = (await narrative.textContent())!
    const added = await tableOf(page, 'What each column added')
    expect(await accessibilityProblems(page)).toEqual([])

    const csv = join(directory, 'row-3.csv')
    const values = added.slice(2, -1).map(([column, value]) => [column!, value === 'missing' ? '' : `"${value!.replaceAll('"', '""')}"`])
    writeFileSync(csv, `${values.map(([column]) => column).join(',')}\n${values.map(([, value]) => value).join(',')}\n`)

    const pdf = join(directory, 'decision.pdf')
    await app.evaluate(({ dialog }, filePath) => {
      dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath })
    }, pdf)
    await page.getByRole('button', { name: 'Save decision sheet' }).click()
    await page.getByRole('menuitem', { name: 'Decision sheet as PDF for paper' }).click()
    await expect(page.getByText('The decision sheet was saved')).toBeVisible({ timeout: 120_000 })

    const score = page.getByTestId('row-figures')
    const before = await score.textContent()
    const size = page.getByRole('combobox', { name: 'wildlife_size' })
    await size.fill('Large')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await expect(narrative).toContainText('The model gives this case')
    await expect(narrative).toContainText('"wildlife_size" is "Large" (+')
    await expect(score).toContainText('was 0.')
    expect(await score.textContent()).not.toBe(before)
    await expect(page.getByText('1 value changed')).toBeVisible()
    await page.getByRole('button', { name: 'Find the nearest' }).click()
    await expect(page.getByTestId('nearest')).toContainText(/from .* to /, { timeout: 30_000 })
    expect(await accessibilityProblems(page)).toEqual([])
    await page.getByRole('button', { name: 'Take all back' }).click()
    await expect(narrative).toHaveText(told)
    await app.close()

    const { row: asked } = JSON.parse(
      execFileSync(
        process.execPath,
        [join('out', 'main', 'cli.js'), 'model', 'explain', '-w', folder, 'strike-damage@1', csv, '--row', '1', '--json'],
        { encoding: 'utf8', env: { ...process.env, DRYDOCK_USER_DIR: join(directory, 'user-data') } }
      )
    ) as { row: { base: number; margin: number; score: number; features: { feature: string; contribution: number }[] } }
    const shown = new Map(added.slice(2, -1).map(([column, , figure]) => [column!, Number(plain(figure!))]))
    expect([...shown.keys()].toSorted()).toEqual(asked.features.map(({ feature }) => feature).toSorted())
    for (const { feature, contribution } of asked.features) expect(shown.get(feature)).toBeCloseTo(contribution, 4)
    expect(sheetsOfPdf(readFileSync(pdf))).toBe(1)
    const sheet = textOfPdf(readFileSync(pdf))
    const four = (value: number): string => String(Number(value.toPrecision(4)))
    for (const figure of [asked.score, asked.base, asked.margin, ...asked.features.slice(0, 5).map((each) => each.contribution)])
      expect(sheet).toContain(four(figure))
    expect(sheet).toContain('Why row 3 got its score')
  })

  test('of an amount, with its interval, for a row that is found by how far off the answer was', async ({
    app,
    page,
    directory,
    strikes
  }) => {
    const folder = strikes.copyTo(join(directory, 'strikes'))
    const drydock = (...args: string[]): string =>
      execFileSync(process.execPath, [join('out', 'main', 'cli.js'), ...args], {
        encoding: 'utf8',
        stdio: 'pipe',
        env: { ...process.env, DRYDOCK_USER_DIR: join(directory, 'user-data') }
      })
    const pipeline = join(directory, 'cost.yaml')
    writeFileSync(pipeline, costPipeline)
    drydock('run', '-w', folder, pipeline)
    const { items } = JSON.parse(drydock('runs', '-w', folder, '--json')) as { items: { id: string; name: string }[] }
    await answerDialog(app, folder)
    await page.getByRole('button', { name: 'Open a workspace' }).click()
    await expect(page.getByRole('link', { name: 'Experiments', exact: true })).toBeVisible()
    const settled = items.find(({ name }) => name === 'Conform')!
    await page.evaluate((hash) => (location.hash = hash), `#/experiments/runs/${settled.id}?tab=why&part=row`)
    const narrative = page.getByTestId('row-narrative')
    await expect(narrative).toContainText('The model gives row 1 "cost" of', { timeout: 60_000 })
    const figures = page.getByTestId('row-figures')
    await expect(figures).toContainText('90% interval')

    await page.getByRole('button', { name: 'Find a row' }).click()
    await page.getByRole('combobox', { name: 'By', exact: true }).click()
    await page.getByRole('option', { name: 'Most surprising' }).click()
    const dialog = page.getByRole('dialog', { name: 'Find a row' })
    await expect(dialog).toContainText('The first 30 of 120 rows, among 120 rows of the test data.')
    expect(await accessibilityProblems(page)).toEqual([])
    const offered = dialog.getByRole('button', { name: 'Begin with row' }).first()
    const row = (await offered.getAttribute('aria-label'))!.replace('Begin with ', '')
    await offered.click()
    await expect(narrative).toContainText(`The model gives ${row} "cost" of`)
    const interval = await figures.textContent()
    await page.getByRole('combobox', { name: 'damaged' }).click()
    await page.getByRole('option', { name: 'missing' }).click()
    await expect(narrative).toContainText('The model gives this case "cost" of')
    await expect(figures).toContainText('was ')
    expect(await figures.textContent()).not.toBe(interval)
  })
})

const costPipeline = `schema: drydock.pipeline
version: 1
name: cost
steps:
  - { id: strikes, type: source, parameters: { dataset: strikes } }
  - { id: apart, type: split, inputs: { table: strikes.table }, parameters: { test: 0.3, by: random } }
  - { id: kept, type: split, inputs: { table: apart.train }, parameters: { test: 0.4, by: random } }
  - id: train
    type: train
    inputs: { train: kept.train }
    parameters: { target: cost, task: regression, exclude: [id], parameters: { trees: 30 } }
  - { id: conform, type: conform, inputs: { model: train.model, rows: kept.test }, parameters: { score: absolute } }
  - { id: evaluate, type: evaluate, inputs: { model: conform.model, test: apart.test }, parameters: { bootstrapSamples: 100 } }
`
