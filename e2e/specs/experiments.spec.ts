import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import type { Locator, Page } from '@playwright/test'
import { gainWords } from '../../main/model/calibration'
import { measuredWords } from '../../main/model/conformal'
import { isClassDecision } from '../../main/model/decision'
import type { Settled } from '../../main/model/settled'
import { accessibilityProblems } from '../fixtures/accessibility'
import { expect, test } from '../fixtures/app'
import { notice } from '../pages/workbench'

/** Each test works on its own copy of the sample, whose runs are real. */
test.use({ openWorkspace: ({ sample, directory }, use) => use(sample.copyTo(join(directory, 'workspace'))) })

const grid = (page: Page): Locator => page.getByRole('grid', { name: 'Runs' })
const rows = (page: Page): Locator =>
  grid(page)
    .getByRole('row')
    .filter({ has: page.getByRole('gridcell') })
const rowOf = (page: Page, name: string): Locator => rows(page).filter({ hasText: name })

async function openRuns(page: Page): Promise<void> {
  await page.getByRole('navigation', { name: 'Areas' }).getByRole('link', { name: 'Experiments' }).click()
  await expect(rowOf(page, 'Logistic regression')).toBeVisible()
}

test('filters as one types, says where a mistake is, and completes names', async ({ page }) => {
  await openRuns(page)
  await expect(rows(page)).toHaveCount(2)
  await page.keyboard.press('/')
  const filter = page.getByRole('combobox', { name: 'Filter runs' })
  await expect(filter).toBeFocused()
  await filter.pressSequentially('alg')
  await expect(page.getByRole('option', { name: /^algorithm/ })).toBeVisible()
  await filter.press('ArrowDown')
  await filter.press('Enter')
  await filter.pressSequentially("= 'logistic-regression'")
  await expect(rows(page)).toHaveCount(1)
  await expect(rowOf(page, 'Logistic regression')).toBeVisible()
  await filter.pressSequentially(' nor status')
  await expect(page.getByRole('alert')).toContainText('character 35')
  await expect(rows(page), 'the last readable filter still holds').toHaveCount(1)
  await page.getByRole('button', { name: 'Clear the filter' }).click()
  await expect(rows(page)).toHaveCount(2)
  await filter.fill('metrics.auc > 2')
  await expect(page.getByText('No run fits the filter')).toBeVisible()
})

test('sorts by a metric in both directions', async ({ page }) => {
  await openRuns(page)
  const header = grid(page).getByRole('columnheader', { name: 'AUC' })
  await header.getByRole('button').click()
  await expect(header).toHaveAttribute('aria-sort', 'descending')
  // The header says at once what was asked for; the host gives the rows in that order a moment later.
  const worse = 'Gradient boosting'
  await expect(rows(page).last()).toContainText(worse)
  await header.getByRole('button').click()
  await expect(header).toHaveAttribute('aria-sort', 'ascending')
  await expect(rows(page).first()).toContainText(worse)
  await expect(rows(page)).toHaveCount(2)
})

test('compares two runs chosen by keyboard and shows what differs', async ({ page }) => {
  await openRuns(page)
  await grid(page).focus()
  for (const key of ['j', ' ', 'j', ' ']) await page.keyboard.press(key)
  await expect(page.getByText('2 selected', { exact: true })).toBeVisible()
  expect(await accessibilityProblems(page)).toEqual([])
  await grid(page).focus()
  await page.keyboard.press('x')
  await expect(page.getByRole('heading', { name: 'Comparison' })).toBeVisible()
  const table = page.getByRole('region', { name: 'Runs side by side' })
  await expect(table.getByRole('row', { name: /^algorithm/ })).toContainText('gradient-boosting')
  await expect(table.getByRole('row', { name: /^algorithm/ })).toContainText('logistic-regression')
  await expect(table.getByRole('row', { name: /^AUC/ }).first()).toContainText(/0\.\d{3}/)
  await expect(table.getByText('baseline', { exact: true })).toHaveCount(1)
  const differing = await table.getByRole('row').count()
  await page.getByRole('switch', { name: 'Only differences' }).click()
  await expect.poll(() => table.getByRole('row').count()).toBeGreaterThan(differing)
  expect(await accessibilityProblems(page)).toEqual([])
  await page.getByRole('tab', { name: 'Charts' }).click()
  for (const chart of ['AUC', 'ROC curves', 'Calibration', 'Training loss'])
    await expect(page.getByRole('figure', { name: chart, exact: true })).toBeVisible()
  await page.getByRole('tab', { name: 'Code' }).click()
  await expect(page.getByRole('region', { name: 'Difference of the pipelines' })).toContainText('algorithm: gradient-boosting')
  await page.keyboard.press('Alt+ArrowLeft')
  await expect(grid(page)).toBeVisible()
})

test('shows a run with its evaluation, and registers it', async ({ page }) => {
  await openRuns(page)
  await rowOf(page, 'Logistic regression').dblclick()
  await expect(page.getByTestId('run-summary')).toContainText(
    /AUC 0\.\d{3}, 95% CI 0\.\d{3}\u20130\.\d{3}, DeLong, by weight or cluster, test split n=2,500/
  )
  for (const chart of ['ROC curve', 'Precision and recall', 'Calibration', 'Scores by class', 'Selection rate by phase'])
    await expect(page.getByRole('figure', { name: chart, exact: true })).toBeVisible()
  const slider = page.getByRole('slider', { name: 'Decision threshold' })
  const selected = page.getByText(/% of rows$/)
  const before = await selected.textContent()
  await slider.focus()
  for (let press = 0; press < 20; press++) await page.keyboard.press('ArrowRight')
  await expect(selected).not.toHaveText(before ?? '')
  expect(await accessibilityProblems(page)).toEqual([])

  await page.getByRole('tab', { name: /^Code/ }).click()
  await expect(page.getByRole('textbox', { name: 'Frozen pipeline' })).toContainText('schema: drydock.pipeline')
  await page.getByRole('tab', { name: /^Training/ }).click()
  await expect(page.getByRole('figure', { name: 'Importance of the features' })).toBeVisible()

  await page.getByRole('button', { name: 'Register as model' }).click()
  const dialog = page.getByRole('dialog', { name: 'Register as model' })
  await dialog.getByLabel('Model name').fill('bad name!')
  await expect(dialog.getByText(/A model name has 1 to 64/)).toBeVisible()
  await dialog.getByLabel('Model name').fill('strike-baseline')
  await dialog.getByRole('textbox', { name: 'Purpose' }).fill('The yardstick.')
  await dialog.getByRole('checkbox', { name: 'Register a draft without gate' }).click()
  await dialog.getByRole('button', { name: 'Register', exact: true }).click()
  await expect(page.getByText('Registered as strike-baseline@1.')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Open model:strike-baseline@1' })).toBeVisible()
})

test('runs a gate and shows the evidence of each rule', async ({ page }) => {
  await openRuns(page)
  await rowOf(page, 'Logistic regression').dblclick()
  await page.getByRole('button', { name: 'Run gate' }).click()
  await page.getByRole('button', { name: 'Run the gate' }).click()
  // The baseline's pipeline connects no quality report to a gate, so what asks for one is not decided.
  await expect(page.getByText('The gate is undecided', { exact: true })).toBeVisible()
  await expect(page.getByRole('tabpanel')).toContainText(/metrics\.auc_lower\s*0\.\d+/)
  // It is recorded as a pipeline run, and nobody drew that pipeline.
  await page.getByRole('navigation', { name: 'Areas' }).getByRole('link', { name: 'Pipelines' }).click()
  await expect(page.getByRole('grid', { name: 'Pipelines' })).toContainText('strike-damage-baseline')
  await expect(page.getByRole('grid', { name: 'Pipelines' })).not.toContainText('gate-over-a-run')
})

test('moves runs to the trash and back; they stay trials', async ({ page }) => {
  await openRuns(page)
  await rowOf(page, 'Logistic regression').click()
  await page.keyboard.press('Delete')
  await expect(rows(page)).toHaveCount(1)
  await expect(page.getByText('2 trials, 1 discarded')).toBeVisible()
  await notice(page, '1 run moved to the trash.').getByRole('button', { name: 'Undo' }).click()
  await expect(rows(page)).toHaveCount(2)
})

test('what is chosen has the colours of the system where these are forced', async ({ page }) => {
  await openRuns(page)
  await page.emulateMedia({ forcedColors: 'active' })
  const highlight = await page.evaluate(() => {
    const probe = document.body.appendChild(document.createElement('div'))
    probe.style.cssText = 'forced-color-adjust: none; background: Highlight'
    const { backgroundColor } = getComputedStyle(probe)
    probe.remove()
    return backgroundColor
  })
  const colourOf = (part: Locator) => part.evaluate((element) => getComputedStyle(element).backgroundColor)
  const areas = page.getByRole('navigation', { name: 'Areas' })
  for (const [chosen, other] of [
    [areas.getByRole('link', { name: 'Experiments' }), areas.getByRole('link', { name: 'Models' })],
    [page.getByRole('tab', { name: 'Intervals' }), page.getByRole('tab', { name: 'Trade-off' })]
  ]) {
    expect(await colourOf(chosen)).toBe(highlight)
    expect(await colourOf(other)).not.toBe(highlight)
  }
})

test.describe('what was settled of a model after its training', () => {
  test.use({ openWorkspace: ({ settled, directory }, use) => use(settled.copyTo(join(directory, 'workspace'))) })

  test('stands on its version and its run, with the figures of the command line and a table behind each chart', async ({
    page,
    settled
  }) => {
    const shown = execFileSync(process.execPath, [join('out', 'main', 'cli.js'), 'model', 'show', '-w', settled.folder, 'late', '--json'], {
      encoding: 'utf8',
      env: { ...process.env, DRYDOCK_USER_DIR: join(settled.folder, '..', 'user') }
    })
    const { calibration, decision, intervals, measured } = (JSON.parse(shown) as { settled: Settled }).settled
    if (!calibration || !decision || isClassDecision(decision) || !intervals || !measured) throw new Error('not all of it was settled')
    await page.getByRole('link', { name: 'Models', exact: true }).click()
    await page.getByRole('grid', { name: 'Registered models' }).getByText('late', { exact: true }).dblclick()
    await page.getByRole('tab', { name: 'After training' }).click()
    const panels = page.getByTestId('settled')
    const figure = (value: number, decimals: number): string => value.toFixed(decimals)
    await expect(panels).toContainText(
      `${figure(calibration.figures.before.logLoss, 4)} before, ${figure(calibration.figures.after.logLoss, 4)} after`
    )
    await expect(panels).toContainText(gainWords(calibration.figures.gain))
    await expect(panels).toContainText(`threshold ${figure(decision.threshold, 4)}`)
    await expect(panels).toContainText(measuredWords(measured))
    await expect(page.getByRole('grid', { name: 'What else could have been decided' }).getByRole('row', { name: /^chosen/ })).toContainText(
      figure(decision.chosen.cost!, 4)
    )
    expect(await accessibilityProblems(page)).toEqual([])
    const curve = page.getByRole('figure', { name: /^Reliability of/ })
    await curve.getByRole('button', { name: 'Show as table' }).click()
    await expect(curve.getByRole('row')).toHaveCount(1 + calibration.curves.before.length + calibration.curves.after.length)

    await page.getByRole('navigation', { name: 'Areas' }).getByRole('link', { name: 'Experiments' }).click()
    await rows(page).filter({ hasText: 'Conform' }).first().dblclick()
    await page.getByRole('tab', { name: 'After training' }).click()
    await expect(page.getByTestId('settled')).toContainText(measuredWords(measured))
  })
})
