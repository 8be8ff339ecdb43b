import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { accessibilityProblems } from '../fixtures/accessibility'
import { expect, test } from '../fixtures/app'
import { withPreparedWorkspace } from '../fixtures/workspaces'

const judged = (id: string, target: string, more: string): string =>
  `  - { id: ${id}, type: cross-validate, title: Folds of ${target}, inputs: { table: data.table }, parameters: { experiment: folds, target: ${target}, features: [length, width, site], folds: 4, ${more} } }`
/** A yes or no, classes and an amount of the same rows, each judged by folds. */
const pipeline = `schema: drydock.pipeline
version: 1
name: folds
steps:
  - { id: data, type: source, parameters: { dataset: plants } }
${judged('ill', 'ill', "positive: 'yes', algorithm: logistic-regression, candidates: [{ l2: 1 }, { l2: 10 }]")}
${judged('kind', 'species', 'task: multiclass, classWeights: balanced, algorithm: logistic-regression, repeats: 2')}
${judged('yield', 'yield', 'task: regression, algorithm: generalised-linear-model')}
`

test.use({
  openWorkspace: async ({ directory }, use) => {
    await withPreparedWorkspace(
      (workspace, drydock) => {
        const [table, text] = ['plants.csv', 'folds.yaml'].map((name) => join(workspace, '..', name)) as [string, string]
        const rows = Array.from({ length: 240 }, (_, row) => {
          const [length, width, chance] = [(row * 37) % 101, (row * 53) % 67, (row * 7919) % 41]
          const kind = ['fern', 'moss', 'reed'][Math.min(2, Math.floor((length + chance) / 48))]
          return `${length},${width},site ${row % 5},${length + chance > 75 ? 'yes' : 'no'},${kind},${(length * 1.7 - width * 0.4 + chance / 3).toFixed(2)}`
        })
        writeFileSync(table, ['length,width,site,ill,species,yield', ...rows, ''].join('\n'))
        writeFileSync(text, pipeline)
        drydock('init', workspace)
        drydock('import', '-w', workspace, table, '--name', 'plants')
        drydock('run', '-w', workspace, text)
      },
      (prepared) => use(prepared.copyTo(join(directory, 'workspace')))
    )
  }
})

async function openFolds(page: Page, name: string): Promise<void> {
  await page.getByRole('navigation', { name: 'Areas' }).getByRole('link', { name: 'Experiments' }).click()
  await page.getByRole('grid', { name: 'Runs' }).getByRole('row').filter({ hasText: name }).dblclick()
  await expect(page.getByRole('tab', { name: 'Cross-validation', selected: true })).toBeVisible()
}

test('shows the folds of a yes or no, of classes and of an amount, each with the figures of its question', async ({ page }) => {
  const spread = page.getByRole('grid', { name: 'Spread over the folds' })
  const every = page.getByRole('grid', { name: 'Every fold' })
  for (const [target, figure, folds] of [
    ['ill', /^AUC.*0\.\d+ to 0\.\d+|^AUC.*1\.0/, 4],
    ['species', /^Log loss.*\d\.\d+ to \d\.\d+/, 8],
    ['yield', /^RMSE.*\d to \d/, 4]
  ] as const) {
    await openFolds(page, `Folds of ${target}`)
    await expect(spread.getByRole('row', { name: figure }).first()).toBeVisible()
    await expect(every).toHaveAttribute('aria-rowcount', String(folds + 1))
    await expect(every.getByRole('row', { name: /^1.*180.*60/ }).first()).toBeVisible()
    expect(await accessibilityProblems(page)).toEqual([])
  }
  await openFolds(page, 'Folds of species')
  await expect(page.getByText(/rows count by their class \(balanced: by the rows that the fold learns from\)/)).toBeVisible()
})
