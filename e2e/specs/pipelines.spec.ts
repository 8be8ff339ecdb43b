import { join } from 'node:path'
import type { Locator, Page } from '@playwright/test'
import { starters, writeStarter } from '../../renderer/features/pipelines/starters'
import { accessibilityProblems } from '../fixtures/accessibility'
import { expect, test } from '../fixtures/app'
import { answerPrograms, notice, programQuestions, runCli } from '../pages/workbench'

test.use({ openWorkspace: ({ strikes, directory }, use) => use(strikes.copyTo(join(directory, 'workspace'))) })

const node = (page: Page, id: string): Locator => page.locator(`.react-flow__node[data-id="${id}"]`)
const handle = (page: Page, id: string, port: string, side: 'source' | 'target'): Locator =>
  node(page, id).locator(`.react-flow__handle.${side}[data-handleid="${port}"]`)

async function newPipeline(page: Page, title: string, starter = 'Blank'): Promise<void> {
  await page.getByRole('link', { name: 'Pipelines', exact: true }).click()
  await page.getByRole('button', { name: 'New pipeline' }).first().click()
  const dialog = page.getByRole('dialog', { name: 'New pipeline' })
  await dialog.getByLabel('Title').fill(title)
  await dialog.getByRole('radio', { name: starter }).check()
  await dialog.getByRole('button', { name: 'Create the pipeline' }).click()
  await expect(page.getByRole('complementary', { name: 'Step palette' })).toBeVisible()
}

async function add(page: Page, title: string, id: string): Promise<void> {
  await page.getByRole('button', { name: `Add ${title}`, exact: true }).press('Enter')
  await expect(node(page, id)).toBeVisible()
}

async function drag(page: Page, from: Locator, to: Locator): Promise<void> {
  // Waits until the canvas stands still, which a step more, or another size, puts elsewhere a frame later.
  await from.hover()
  const end = await to.boundingBox()
  if (!end) throw new Error('A port is not on the screen.')
  await page.mouse.down()
  await page.mouse.move(end.x - 30, end.y + 10, { steps: 6 })
  await page.mouse.move(end.x + end.width / 2, end.y + end.height / 2, { steps: 6 })
  await page.mouse.up()
}

/** Replaces what stands in a code editor. */
async function write(page: Page, label: string, text: string): Promise<void> {
  await page.getByRole('textbox', { name: label }).click()
  await page.keyboard.press('Control+A')
  await page.keyboard.insertText(text)
}

async function yamlOf(page: Page): Promise<string> {
  return (await page.getByRole('textbox', { name: 'Pipeline as YAML' }).locator('.cm-line').allTextContents()).join('\n')
}

test('a pipeline is built on the canvas, configured, run and looked at', async ({ page }) => {
  await page.getByRole('link', { name: 'Pipelines', exact: true }).click()
  await expect(page.getByRole('heading', { name: 'No pipelines yet' })).toBeVisible()
  expect(await accessibilityProblems(page)).toEqual([])
  await newPipeline(page, 'Prepare strikes')
  await add(page, 'Dataset', 'source')
  await expect(node(page, 'source')).toBeFocused()
  await page.keyboard.press('Escape')
  await add(page, 'SQL', 'sql')
  await page.getByRole('button', { name: 'Show all steps' }).click()
  await drag(page, handle(page, 'source', 'table', 'source'), handle(page, 'sql', '+', 'target'))
  await expect(page.locator('.react-flow__edge')).toHaveCount(1)
  // Beside a selected step the new one is fed by it.
  await node(page, 'sql').click()
  await add(page, 'Split', 'split')
  await expect(page.locator('.react-flow__edge')).toHaveCount(2)
  await page.getByRole('button', { name: 'Show all steps' }).click()

  // A report is no table, and a circle is no pipeline: refused, with the reason.
  await drag(page, handle(page, 'split', 'report', 'source'), handle(page, 'sql', '+', 'target'))
  await expect(page.getByText('takes Table or FeatureSet; "split.report" gives Report').first()).toBeVisible()
  await drag(page, handle(page, 'split', 'train', 'source'), handle(page, 'sql', '+', 'target'))
  await expect(page.getByText('"split" already needs "sql"').first()).toBeVisible()
  await expect(page.locator('.react-flow__edge')).toHaveCount(2)

  const inspector = page.getByRole('complementary', { name: 'Inspector' })
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  await expect(page.getByRole('list', { name: 'Problems' }).getByText('"source" needs the parameter "dataset"')).toBeVisible()
  await page.getByRole('list', { name: 'Problems' }).getByText('"source" needs the parameter "dataset"').click()
  await inspector.getByRole('combobox', { name: 'Dataset' }).fill('str')
  await page.getByRole('option', { name: 'strikes' }).click()
  await node(page, 'sql').click()
  await write(page, 'Query', 'SELECT id, size, damaged, cost FROM source ORDER BY id')
  await node(page, 'split').click()
  // The form offers the columns that the query makes.
  await inspector.getByRole('combobox', { name: 'Stratify by' }).fill('dam')
  await page.getByRole('option', { name: 'damaged' }).click()
  await expect(page.getByRole('tab', { name: 'Problems' })).toHaveText('Problems')

  await page.getByRole('button', { name: 'Run', exact: true }).click()
  for (const id of ['source', 'sql', 'split']) await expect(node(page, id)).toContainText(/Succeeded|Cached/)
  await node(page, 'sql').click()
  await page.getByRole('tab', { name: 'Output' }).click()
  const preview = page.getByRole('grid', { name: 'Rows of sql.table' })
  await expect(preview).toContainText('Large')
  await expect(preview).toHaveAttribute('aria-rowcount', '401')
  await page.getByRole('tab', { name: 'Log' }).click()
  await expect(page.getByRole('log', { name: 'Log of sql' })).toContainText('400 rows, 4 columns')
  await page.getByRole('tab', { name: 'Attempts' }).click()
  await expect(page.getByRole('grid', { name: 'Attempts of sql' })).toContainText('Succeeded')
  expect(await accessibilityProblems(page)).toEqual([])

  // Nothing changed: the second run takes everything from the cache.
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  await expect(node(page, 'split')).toContainText('Cached')
  await page.getByRole('button', { name: 'Runs of this pipeline' }).click()
  const runs = page.getByRole('grid', { name: 'Runs of prepare-strikes' })
  await expect(runs).toHaveAttribute('aria-rowcount', '3')
  await runs.press('j')
  await runs.press('Enter')
  await expect(page.getByText('Frozen version')).toBeVisible()
  await expect(node(page, 'split')).toContainText('Cached')
  await expect(page.getByRole('button', { name: 'Add SQL' })).toHaveCount(0)
  expect(await accessibilityProblems(page)).toEqual([])
})

test('canvas and text are two views of one draft; problems, undo and the keyboard work in both', async ({ page }) => {
  await newPipeline(page, 'Two views', 'Prepare data')
  await expect(node(page, 'split')).toBeVisible()
  await page.getByRole('button', { name: 'YAML' }).click()
  await expect.poll(() => yamlOf(page)).toContain('name: two-views')
  const prepare = starters.find((starter) => starter.id === 'prepare')!
  const text = writeStarter(prepare, { name: 'two-views', title: 'Two views', dataset: 'strikes', target: '' })
  await write(page, 'Pipeline as YAML', `# A remark that stays.\n${text.replace('data: data.table', 'data: split.train')}`)
  await page.getByRole('tab', { name: /Problems/ }).click()
  const problem = page.getByRole('list', { name: 'Problems' }).getByText('These steps wait for each other')
  await expect(problem).toContainText('features')
  await expect(problem).toContainText('split')
  await page.getByRole('button', { name: 'Canvas' }).click()
  await problem.click()
  await expect(page.getByRole('heading', { name: /^(features|split)$/ })).toBeVisible()
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(problem).toHaveCount(0)
  await page.getByRole('button', { name: 'Redo' }).click()
  await expect(problem).toBeVisible()
  await page.getByRole('button', { name: 'Undo' }).click()

  await page.getByRole('button', { name: 'YAML' }).click()
  await write(page, 'Pipeline as YAML', `# A remark that stays.\n${text}`)
  await page.getByRole('button', { name: 'Canvas' }).click()
  await node(page, 'data').focus()
  await page.keyboard.press('ArrowRight')
  await expect(node(page, 'features')).toBeFocused()
  await page.keyboard.press('ArrowRight')
  await expect(node(page, 'split')).toBeFocused()
  await page.keyboard.press('Delete')
  await expect(node(page, 'split')).toHaveCount(0)
  await page.keyboard.press('Control+Z')
  await expect(node(page, 'split')).toBeVisible()
  await page.keyboard.press('Control+Shift+Z')
  await expect(node(page, 'split')).toHaveCount(0)
  await page.keyboard.press('Control+Z')
  await node(page, 'split').click()
  await page.getByRole('button', { name: 'YAML' }).click()
  await expect.poll(() => yamlOf(page)).toContain('# A remark that stays.')
  await page.keyboard.press('Control+S')
  await expect(page.getByText(/Saved as version [0-9a-f]{8}/).first()).toBeVisible()

  // Leaving and coming back finds what was saved by itself.
  await write(page, 'Pipeline as YAML', `# A later remark.\n${text}`)
  await page.getByRole('link', { name: 'Jobs', exact: true }).click()
  await page.getByRole('link', { name: 'Pipelines', exact: true }).click()
  await expect(page.getByRole('grid', { name: 'Pipelines' })).toContainText('Draft')
  await page.getByRole('grid', { name: 'Pipelines' }).getByText('Two views').dblclick()
  await page.getByRole('button', { name: 'YAML' }).click()
  await expect.poll(() => yamlOf(page)).toContain('# A later remark.')
})

test('a long script step is cancelled from the editor, and the job says so', async ({ app, page, directory }) => {
  await newPipeline(page, 'Long work', 'Own program')
  await page.getByRole('button', { name: 'YAML' }).click()
  await write(
    page,
    'Pipeline as YAML',
    [
      'schema: drydock.pipeline',
      'version: 1',
      'name: long-work',
      'title: Long work',
      'steps:',
      '  - id: wait',
      '    type: script',
      '    parameters:',
      '      command: [sh, -c, "echo started; sleep 120"]',
      '      outputs: { result: File }',
      ''
    ].join('\n')
  )
  await page.getByRole('button', { name: 'Canvas' }).click()
  await expect(node(page, 'wait')).toBeVisible()
  await answerPrograms(app, 'Cancel')
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  await expect.poll(() => programQuestions(app)).toBe(1)
  await expect(page.getByRole('button', { name: 'Run', exact: true })).not.toHaveAttribute('aria-busy', 'true')
  await expect(page.getByRole('button', { name: 'Cancel the run' })).toBeHidden()
  await answerPrograms(app, 'Run')
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  await expect(node(page, 'wait')).toContainText('Running')
  await node(page, 'wait').click()
  await page.getByRole('tab', { name: 'Log' }).click()
  await expect(page.getByRole('log', { name: 'Log of wait' })).toContainText('started')
  // The command line of the same person looks on through the window, and leaves everything as it is.
  const seen = runCli(['workspace', 'show', '-w', join(directory, 'workspace'), '--json'], join(directory, 'user-data'))
  expect(JSON.parse(seen)).toMatchObject({ restricted: false, unfinished: [{ pipeline: 'long-work' }] })
  await page.getByRole('button', { name: 'Cancel the run' }).click()
  // Long before the program would have ended by itself.
  await expect(node(page, 'wait')).toContainText('Cancelled')
  await expect(page.getByRole('button', { name: 'Run', exact: true })).toBeVisible()

  await page.getByRole('link', { name: 'Jobs', exact: true }).click()
  const jobs = page.getByRole('grid', { name: 'Jobs' })
  await expect(jobs).toContainText('Long work')
  await expect(jobs).toContainText('Cancelled')
  await jobs.press('j')
  await expect(page.getByRole('complementary', { name: 'Inspector' })).toContainText('Cancelled')
  expect(await accessibilityProblems(page)).toEqual([])
})

test('everything is done without a mouse: add, connect, configure, run to a step, copy, paste, delete', async ({ page }) => {
  await newPipeline(page, 'By keys')
  await page.keyboard.press('a')
  await expect(page.getByRole('searchbox', { name: 'Find a step' })).toBeFocused()
  await page.keyboard.type('dataset')
  await page.keyboard.press('Enter')
  await expect(node(page, 'source')).toBeFocused()
  await page.keyboard.press('Enter')
  const inspector = page.getByRole('complementary', { name: 'Inspector' })
  await expect(inspector.getByLabel('Title')).toBeFocused()
  await page.keyboard.type('Strikes ')
  await page.waitForTimeout(600)
  await page.keyboard.type('of birds')
  await inspector.getByRole('combobox', { name: 'Dataset' }).focus()
  await page.keyboard.type('str')
  await page.getByRole('option', { name: 'strikes' }).waitFor()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await expect(node(page, 'source')).toContainText('Strikes of birds')
  await expect(page.getByRole('tab', { name: 'Problems' })).toHaveText('Problems')

  await node(page, 'source').focus()
  await page.keyboard.press('a')
  await page.keyboard.press('ControlOrMeta+A')
  await page.keyboard.type('sql')
  await page.keyboard.press('Enter')
  await expect(node(page, 'sql')).toBeFocused()
  await page.keyboard.press('c')
  await expect(inspector.getByRole('combobox', { name: 'source', exact: true })).toBeFocused()
  await expect(inspector.getByRole('combobox', { name: 'source', exact: true })).toContainText('source.table')
  await write(page, 'Query', 'SELECT * FROM source ORDER BY id LIMIT 7')
  await expect(page.getByRole('tab', { name: 'Problems' })).toHaveText('Problems')
  await node(page, 'sql').focus()

  // A copy is connected as the original is; what is not needed for the chosen step is not run.
  await page.keyboard.press('ControlOrMeta+C')
  await page.keyboard.press('ControlOrMeta+V')
  await expect(node(page, 'sql-2')).toBeFocused()
  await expect(page.locator('.react-flow__edge')).toHaveCount(2)
  await node(page, 'sql').focus()
  await page.keyboard.press('Space')
  await page.keyboard.press('ControlOrMeta+Shift+Enter')
  await expect(node(page, 'sql')).toContainText('Succeeded', { timeout: 30_000 })
  await expect(node(page, 'sql-2')).not.toContainText(/Succeeded|Waiting|Cached/)
  await expect(page.getByRole('grid', { name: 'Rows of sql.table' })).toHaveAttribute('aria-rowcount', '8')

  await node(page, 'sql-2').focus()
  await page.keyboard.press('Space')
  await page.keyboard.press('Delete')
  await expect(node(page, 'sql-2')).toHaveCount(0)
  await page.keyboard.press('ControlOrMeta+Z')
  await expect(node(page, 'sql-2')).toBeVisible()
})

test('a version is compared with the draft, becomes the draft again, and that can be undone', async ({ page }) => {
  await newPipeline(page, 'With history', 'Prepare data')
  await page.getByRole('button', { name: 'YAML' }).click()
  const prepare = starters.find((starter) => starter.id === 'prepare')!
  const text = `# A remark that stays.\n${writeStarter(prepare, { name: 'with-history', title: 'With history', dataset: 'strikes', target: '' })}`
  await write(page, 'Pipeline as YAML', text)
  await page.keyboard.press('ControlOrMeta+S')
  await expect(page.getByText(/Saved as version [0-9a-f]{8}/).first()).toBeVisible()
  await page.getByRole('button', { name: 'Canvas' }).click()
  await node(page, 'split').click()
  await page.getByRole('complementary', { name: 'Inspector' }).getByLabel('Seed').fill('1234')
  await expect(page.getByText('Draft saved')).toBeVisible()

  await page.getByRole('button', { name: 'More for this pipeline' }).click()
  await page.getByRole('menuitem', { name: 'What changed since the version' }).click()
  await expect(page.getByText('split (parameters.seed)')).toBeVisible()
  const lines = page.getByRole('region', { name: 'Changed lines' })
  await expect(lines).toContainText(/added: +seed: 1234/)
  await expect(lines).toContainText(/removed: +seed: 42/)
  expect(await accessibilityProblems(page)).toEqual([])

  await page.getByRole('button', { name: 'Make it the draft' }).click()
  const made = notice(page, 'This version is the draft now.')
  // Under the mouse it stays, however long the rest takes.
  await made.hover()
  await page.getByRole('button', { name: 'YAML' }).press('Enter')
  await expect.poll(() => yamlOf(page)).toContain('seed: 42')
  await made.getByRole('button', { name: 'Undo' }).click()
  await page.getByRole('button', { name: 'Back to the editor' }).click()
  await page.getByRole('button', { name: 'YAML' }).click()
  await expect.poll(() => yamlOf(page)).toContain('seed: 1234')
  await expect.poll(() => yamlOf(page)).toContain('# A remark that stays.')
})

test('a second click starts no second run, and a name that is taken takes nothing', async ({ app, page }) => {
  await answerPrograms(app, 'Run')
  await newPipeline(page, 'First', 'Own program')
  await newPipeline(page, 'Second', 'Own program')
  await page.getByRole('button', { name: 'YAML' }).click()
  const slow = (name: string) =>
    `schema: drydock.pipeline\nversion: 1\nname: ${name}\nsteps:\n  - id: wait\n    type: script\n    parameters:\n      command: [sh, -c, "sleep 60"]\n      outputs: { result: File }\n`
  await write(page, 'Pipeline as YAML', slow('first'))
  await page.keyboard.press('ControlOrMeta+S')
  await expect(page.getByText(/There is another pipeline "first"/).first()).toBeVisible()
  await write(page, 'Pipeline as YAML', slow('second'))
  await page.getByRole('button', { name: 'Canvas' }).click()
  await expect(node(page, 'wait')).toBeVisible()
  await page.getByRole('button', { name: 'Run', exact: true }).dblclick()
  await expect(node(page, 'wait')).toContainText('Running', { timeout: 20_000 })
  await page.keyboard.press('ControlOrMeta+Enter')
  await expect(page.getByText('A run of this pipeline is going on.').first()).toBeVisible()
  await page.getByRole('button', { name: 'Cancel the run' }).click()
  await expect(node(page, 'wait')).toContainText('Cancelled')
  await page.getByRole('link', { name: /^Jobs/ }).click()
  const jobs = page.getByRole('grid', { name: 'Jobs' })
  // The head, the one run and the import that made the dataset.
  await expect(jobs).toHaveAttribute('aria-rowcount', '3')
  await expect(jobs.getByRole('row', { name: /Pipeline run/ })).toHaveCount(1)
  await jobs.press('j')
  await expect(page.getByRole('combobox', { name: 'Step' })).toContainText('cancelled')
})
