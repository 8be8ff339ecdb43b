import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { accessibilityProblems } from '../fixtures/accessibility'
import { expect, test as base } from '../fixtures/app'
import { withPreparedWorkspace, type PreparedWorkspace } from '../fixtures/workspaces'
import { answerDialog } from '../pages/workbench'

const table = (task: string, name: string): string => join('main', 'core', 'tasks', task, 'fixtures', `${name}.csv`)

interface Question {
  name: string
  file: string
  query: string
  group: string
  fits: readonly string[]
}

/** Amounts by two trainers, three classes, and a scorecard of real flights. */
const questions: readonly Question[] = [
  {
    name: 'diabetes',
    file: table('regression', 'diabetes'),
    query: 'SELECT * FROM data',
    group: 'sex',
    fits: ['generalised-linear-model', 'gradient-boosting'].map((each) => `task: regression, target: progression, algorithm: ${each}`)
  },
  {
    name: 'wine',
    file: table('multiclass', 'wine'),
    query: 'SELECT *, alcohol > 13 AS strong FROM data',
    group: 'strong',
    fits: ['task: multiclass, target: cultivar, exclude: [strong]']
  },
  {
    name: 'strikes',
    file: join('resources', 'sample', 'birdstrikes.csv'),
    query:
      'SELECT "Phase of flight" AS phase, "Wildlife Size" AS size, "Speed IAS in knots" AS speed, "Effect Amount of damage" <> \'None\' AS damaged FROM data',
    group: 'phase',
    fits: ['target: damaged, algorithm: scorecard']
  }
]

const pipeline = ({ name, query, group, fits }: Question): string => `schema: drydock.pipeline
version: 1
name: ${name}
title: ${name}
steps:
  - { id: data, type: source, parameters: { dataset: ${name} } }
  - { id: rows, type: sql, inputs: { data: data.table }, parameters: { query: '${query.replaceAll("'", "''")}' } }
  - { id: split, type: split, inputs: { table: rows.table }, parameters: { test: 0.4, seed: 7 } }
${fits
  .map(
    (fit, at) => `  - { id: train_${at}, type: train, inputs: { train: split.train }, parameters: { experiment: ${name}, seed: 7, ${fit} } }
  - id: evaluate_${at}
    type: evaluate
    inputs: { model: train_${at}.model, test: split.test }
    parameters: { seed: 7, groupColumn: ${group}, minimumGroupSize: 10, latencyCalls: 20, bootstrapSamples: 200 }
`
  )
  .join('')}`

const test = base.extend<object, { trained: PreparedWorkspace }>({
  trained: [
    ({}, use) =>
      withPreparedWorkspace((workspace, drydock) => {
        drydock('init', workspace)
        for (const question of questions) {
          const path = join(workspace, '..', `${question.name}.yaml`)
          writeFileSync(path, pipeline(question))
          drydock('import', '-w', workspace, question.file, '--name', question.name)
          drydock('run', '-w', workspace, path)
        }
      }, use),
    { scope: 'worker', timeout: 240_000 }
  ]
})

const openRun = async (page: Page, name: string): Promise<void> => {
  await page.getByRole('link', { name: 'Experiments', exact: true }).click()
  await page.getByRole('grid', { name: 'Runs' }).getByText(name, { exact: true }).first().dblclick()
  await expect(page.getByTestId('run-summary')).toBeVisible()
}

const figures = (page: Page, names: readonly string[]) =>
  Promise.all(names.map((name) => expect(page.getByRole('figure', { name, exact: true })).toBeVisible()))

test('amounts, classes and a scorecard are each shown as their question asks', async ({ app, page, directory, trained }) => {
  await answerDialog(app, trained.copyTo(join(directory, 'trained')))
  await page.getByRole('button', { name: 'Open a workspace' }).click()

  await openRun(page, 'Generalised linear model')
  await expect(page.getByTestId('run-summary')).toContainText(/^RMSE \d+\.\d+, 95% CI/)
  await figures(page, ['Residuals by prediction', 'Calibration by tenths', 'Residuals by age', 'Distribution of residuals', 'MAE by sex'])
  expect(await accessibilityProblems(page)).toEqual([])
  await page.getByRole('tab', { name: /^Training/ }).click()
  await expect(page.getByRole('grid', { name: 'Coefficients' })).toContainText('bmi')

  await openRun(page, 'Gradient boosting')
  await expect(page.getByRole('figure', { name: 'Confusion matrix' }).or(page.getByRole('figure', { name: 'Rows' }))).toBeVisible()
  expect(await accessibilityProblems(page)).toEqual([])
})

test('a scorecard is read as the table of points that a team signs', async ({ app, page, directory, trained }) => {
  await answerDialog(app, trained.copyTo(join(directory, 'trained')))
  await page.getByRole('button', { name: 'Open a workspace' }).click()
  await openRun(page, 'Scorecard')
  await figures(page, ['ROC curve', 'Calibration'])
  await page.getByRole('tab', { name: 'Points', exact: true }).click()
  await expect(page.getByText(/points more halve the odds of the event/)).toBeVisible()
  await expect(page.getByRole('grid', { name: 'Table of points' }).getByText('Large')).toBeVisible()
  expect(await accessibilityProblems(page)).toEqual([])
})
