import type { ElectronApplication, Page } from '@playwright/test'
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { accessibilityProblems } from '../fixtures/accessibility'
import { expect, test } from '../fixtures/app'
import { dropOnWindow, notice } from '../pages/workbench'

const birdstrikes = join('resources', 'sample', 'birdstrikes.csv')

/** The file dialog of the operating system cannot be clicked: it answers with these files. */
const answerOpenDialog = (app: ElectronApplication, paths: string[]) =>
  app.evaluate(({ dialog }, filePaths) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths })
  }, paths)

const answerSaveDialog = (app: ElectronApplication, path: string) =>
  app.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath })
  }, path)

/** A new workspace, made by clicks. */
async function createWorkspace(app: ElectronApplication, page: Page, directory: string): Promise<string> {
  await page.getByRole('button', { name: 'Create a workspace' }).click()
  const dialog = page.getByRole('dialog', { name: 'Create a workspace' })
  await dialog.getByLabel('Name').fill('Data test')
  await answerOpenDialog(app, [directory])
  await dialog.getByRole('button', { name: 'Choose' }).click()
  await dialog.getByRole('button', { name: 'Create the workspace' }).click()
  await expect(page.getByRole('button', { name: 'Data test' })).toBeVisible()
  await page.getByRole('link', { name: 'Datasets', exact: true }).click()
  await expect(page.getByRole('heading', { name: 'No data yet' })).toBeVisible()
  return join(directory, 'data-test')
}

async function chooseFile(app: ElectronApplication, page: Page, path: string): Promise<void> {
  await answerOpenDialog(app, [path])
  await page.getByRole('link', { name: 'Datasets', exact: true }).click()
  await page.getByRole('button', { name: 'Import a file' }).first().click()
}

test.describe('data', () => {
  // Two cores and a page check by axe at each stop.
  test.describe.configure({ timeout: 600_000 })

  test('a real file is imported, described, checked and queried by clicks', async ({ app, page, directory }) => {
    const source = join(directory, 'birdstrikes.csv')
    copyFileSync(birdstrikes, source)
    await createWorkspace(app, page, directory)
    expect(await accessibilityProblems(page)).toEqual([])

    await test.step('preview and import', async () => {
      await chooseFile(app, page, source)
      await expect(page.getByRole('grid', { name: 'Columns of the file' })).toBeVisible()
      await expect(page.getByRole('combobox', { name: 'Type of Flight Date' })).toHaveText('Date')
      expect(await accessibilityProblems(page)).toEqual([])
      const name = page.getByRole('textbox', { name: 'Dataset name' })
      await name.fill('not@allowed')
      await expect(page.getByText('no control characters and no "@"')).toBeVisible()
      await expect(page.getByRole('button', { name: 'Import', exact: true })).toBeDisabled()
      await name.fill('strikes')
      await page.getByRole('button', { name: 'Import', exact: true }).click()
      await expect(page.getByRole('heading', { name: 'strikes is imported' })).toBeVisible()
      await page.getByRole('button', { name: 'Open the dataset' }).click()
    })

    await test.step('rows: search, sort, one row', async () => {
      const rows = page.getByRole('grid', { name: 'Rows of strikes' })
      await expect(rows.getByRole('row').nth(1)).toContainText('BARKSDALE AIR FORCE BASE ARPT')
      await page.getByRole('searchbox', { name: 'Search in all columns' }).fill('barn swallow')
      await expect(page.getByText('38 of 10,000 rows')).toBeVisible()
      await rows.getByRole('button', { name: 'Flight Date' }).click()
      await rows.getByRole('button', { name: 'Flight Date' }).click()
      await expect(rows.getByRole('columnheader', { name: 'Flight Date' })).toHaveAttribute('aria-sort', 'descending')
      await expect(rows.getByRole('row').nth(1)).toContainText(/20\d\d-/)
      await rows.getByRole('row').nth(1).dblclick()
      const row = page.getByRole('dialog', { name: /^Row / })
      await expect(row).toContainText(/Barn swallow/i)
      await page.keyboard.press('Escape')
      await expect(row).toBeHidden()
      expect(await accessibilityProblems(page)).toEqual([])
    })

    await test.step('columns: the target and what is known after it', async () => {
      await page.getByRole('tab', { name: /^Columns/ }).click()
      await page.getByRole('combobox', { name: 'Role of Effect Amount of damage' }).click()
      await page.getByRole('option', { name: /Target/ }).click()
      await expect(page.getByRole('combobox', { name: 'Role of Effect Amount of damage' })).toHaveText('Target')
      await page.getByRole('combobox', { name: 'Cost Repair is known when' }).click()
      await page.getByRole('option', { name: /After/ }).click()
      await expect(page.getByRole('combobox', { name: 'Cost Repair is known when' })).toHaveText('After')
      expect(await accessibilityProblems(page)).toEqual([])
    })

    await test.step('quality: leakage declared and suspected, rows of a finding, saved report', async () => {
      await page.getByRole('tab', { name: /^Quality/ }).click()
      await expect(page.getByRole('combobox', { name: 'Target column' })).toHaveValue('Effect Amount of damage')
      await page.getByRole('button', { name: 'Run the check' }).first().click()
      const leakage = page.getByRole('region', { name: 'Leakage' })
      await expect(leakage).toBeVisible()
      await expect(leakage.getByRole('heading', { name: '"Cost Repair" would give the outcome away; it is left out' })).toBeVisible()
      await expect(leakage.getByRole('heading', { name: '"Cost Total $" may give the outcome away' })).toBeVisible()
      await expect(leakage).toContainText(/times the average of/)
      const total = leakage.getByRole('article').filter({ hasText: 'Cost Total $' })
      await total.getByText(/examples?$/).click()
      await total
        .getByRole('button', { name: /^Show row/ })
        .first()
        .click()
      const row = page.getByRole('dialog', { name: /^Row / })
      await expect(row.getByText('Cost Total $')).toBeVisible()
      await page.keyboard.press('Escape')
      await expect(row).toBeHidden()
      expect(await accessibilityProblems(page)).toEqual([])
      await page.getByRole('tab', { name: /Column profiles/ }).click()
      await page.getByRole('row', { name: /Speed IAS in knots/ }).click()
      await expect(page.getByRole('figure', { name: 'Distribution' })).toBeVisible()
      expect(await accessibilityProblems(page)).toEqual([])
      const saved = join(directory, 'report.html')
      await answerSaveDialog(app, saved)
      await page.getByRole('button', { name: 'Save report' }).click()
      await page.getByRole('menuitem', { name: /HTML/ }).click()
      await expect.poll(() => existsSync(saved)).toBe(true)
      expect(readFileSync(saved, 'utf8')).toContain('known only after the outcome')
    })

    await test.step('SQL: a result, and an error with its place', async () => {
      await page.getByRole('button', { name: 'Query with SQL' }).click()
      const editor = page.getByRole('textbox', { name: 'SQL' })
      await editor.click()
      await page.keyboard.press('Control+A')
      await page.keyboard.type('SELECT count(*) AS n FROM strikes')
      await page.keyboard.press('Control+Enter')
      await expect(page.getByRole('grid', { name: 'Result' }).getByRole('row').nth(1)).toContainText('10000')
      expect(await accessibilityProblems(page)).toEqual([])
      await page.keyboard.press('Control+A')
      await page.keyboard.type('SELECT nothing_like_it FROM strikes')
      await page.keyboard.press('Control+Enter')
      await expect(page.getByRole('alert')).toContainText('nothing_like_it')
      await expect(page.getByText(/^Line 1, column 8/)).toBeVisible()
    })

    await test.step('trash and back', async () => {
      await page.getByRole('link', { name: 'Datasets', exact: true }).click()
      await page.getByRole('row', { name: /strikes/ }).click()
      await page.getByRole('button', { name: 'Move to trash' }).click()
      await expect(page.getByRole('heading', { name: 'No data yet' })).toBeVisible()
      await notice(page, 'strikes was moved to the trash.').getByRole('button', { name: 'Undo' }).click()
      await expect(page.getByRole('row', { name: /strikes/ })).toBeVisible()
    })
  })

  test('a broken file shows its misfits, a cut Arrow file says what is wrong', async ({ app, page, directory }) => {
    const workspace = await createWorkspace(app, page, directory)
    const broken = join(directory, 'broken.csv')
    const good = Array.from({ length: 50 }, (_, index) => `${index},name ${index},2024-01-${String((index % 28) + 1).padStart(2, '0')}`)
    writeFileSync(broken, ['id,name,day', ...good, 'only one', '51,late,2024-99-99', '52,"open,2024-01-01', ''].join('\n'))

    await chooseFile(app, page, broken)
    await expect(page.getByText('2 rows do not parse')).toBeVisible()
    await expect(page.getByText('Cell does not fit').first()).toBeVisible()
    await page.getByRole('button', { name: 'Import', exact: true }).click()
    await page.getByRole('button', { name: 'Show the misfits' }).click()
    const misfits = page.getByRole('grid', { name: 'Misfits' })
    await expect(misfits.getByRole('row')).toHaveCount(4)
    await expect(misfits.getByRole('row', { name: /^52/ })).toContainText(/only one.*Row left out/)
    await expect(misfits.getByRole('row', { name: /^53/ })).toContainText(/day.*2024-99-99.*not a date.*Missing/)
    expect(await accessibilityProblems(page)).toEqual([])

    const whole = readdirSync(join(workspace, 'data')).find((name) => name.endsWith('.arrow'))
    if (!whole) throw new Error('The import left no Arrow file.')
    const bytes = readFileSync(join(workspace, 'data', whole))
    const cut = join(directory, 'cut.arrow')
    writeFileSync(cut, bytes.subarray(0, Math.floor(bytes.length / 2)))
    await chooseFile(app, page, cut)
    await expect(page.getByRole('alert')).toContainText('"cut.arrow" is a truncated Arrow file: its footer is missing.')
    await expect(page.getByRole('button', { name: 'Import', exact: true })).toBeDisabled()
    expect(await accessibilityProblems(page)).toEqual([])
    await page.getByRole('button', { name: 'Cancel', exact: true }).click()
    await expect(page.getByRole('row', { name: /broken/ })).toBeVisible()
  })

  test('an import shows what it changes, takes an offer, and lists what did not fit', async ({ app, page, directory }) => {
    await createWorkspace(app, page, directory)
    const lab = join(directory, 'labor.csv')
    const rows = Array.from({ length: 240 }, (_, i) => {
      const value = String((i * 7) / 8).replace('.', ',')
      return `${i};${value};${['DE', 'FR', 'NA', 'US'][i % 4]};${String((i % 28) + 1).padStart(2, '0')}.03.2026;${i === 77 ? 'viele' : i}`
    })
    rows.splice(100, 0, 'zu;kurz')
    writeFileSync(lab, `id;wert;land;tag;anzahl\n${rows.join('\n')}\n`)
    await chooseFile(app, page, lab)
    const changed = page.getByRole('region', { name: 'Changed on the way in' })
    await expect(changed.getByRole('listitem').filter({ hasText: 'wert: decimal comma' })).toContainText('cells')
    await changed
      .getByText(/examples?$/)
      .first()
      .click()
    await expect(changed).toContainText('0,875')
    expect(await accessibilityProblems(page)).toEqual([])

    await test.step('a rule is undone and taken back', async () => {
      await page.getByRole('button', { name: 'Keep as written: wert, decimal comma' }).click()
      await expect(page.getByRole('combobox', { name: 'Type of wert' })).not.toHaveText('Number')
      await notice(page, 'wert: decimal comma was changed.').getByRole('button', { name: 'Undo' }).click()
      await expect(page.getByRole('combobox', { name: 'Type of wert' })).toHaveText('Number')
    })

    await test.step('an offer is taken', async () => {
      await page.getByRole('button', { name: 'Read so: land, missing text' }).click()
      await expect(page.getByRole('region', { name: 'Can be read too' })).toBeHidden()
      await expect(changed.getByRole('listitem').filter({ hasText: 'land: missing text' })).toContainText('60 cells')
    })

    await page.getByRole('button', { name: 'Import', exact: true }).click()
    await expect(page.getByText('1 cell of labor.csv did not fit the type of its column and is missing; its row is there.')).toBeVisible()
    await expect(page.getByText('1 row of labor.csv could not be read and was left out of the dataset.')).toBeVisible()
    expect(await accessibilityProblems(page)).toEqual([])
    await page.getByRole('button', { name: 'Show the misfits' }).click()
    const misfits = page.getByRole('grid', { name: 'Misfits' })
    await expect(misfits.getByRole('row')).toHaveCount(3)
    await expect(misfits.getByRole('row').nth(1)).toContainText(/78.*anzahl.*viele.*not a whole number.*Missing/)
    await expect(misfits.getByRole('row').nth(2)).toContainText(/102.*zu;kurz.*fewer than 5 values.*Row left out/)
    expect(await accessibilityProblems(page)).toEqual([])
    await misfits.getByRole('row').nth(1).dblclick()
    await expect(page.getByRole('dialog', { name: 'Row 78' })).toBeVisible()
    await page.keyboard.press('Escape')
    await page.getByRole('tab', { name: /^Columns/ }).click()
    await page.getByRole('button', { name: 'How wert was read' }).click()
    await expect(page.getByRole('dialog', { name: 'How wert was read' })).toContainText('decimal mark')
    expect(await accessibilityProblems(page)).toEqual([])
  })

  test('what is dropped on the window is imported, reviewed or refused', async ({ app, page, directory }) => {
    const file = (name: string, text: string) => {
      writeFileSync(join(directory, name), text)
      return join(directory, name)
    }
    const claims = file('Schäden 損害.csv', ['id,paid on', '1,03/04/2026', '2,05/06/2026', ''].join('\n'))
    const more = file('more.csv', 'a,b\n1,2\n')
    const notes = file('notes.docx', 'no table')
    const folder = join(directory, 'folder')
    mkdirSync(folder)

    await dropOnWindow(page, [claims])
    const offer = page.getByRole('dialog', { name: 'A workspace for Schäden 損害.csv' })
    await expect(offer.getByLabel('Name')).toHaveValue('Schäden 損害')
    await offer.getByRole('button', { name: 'Cancel' }).click()
    await createWorkspace(app, page, directory)
    await page.getByRole('link', { name: 'Overview', exact: true }).click()

    await dropOnWindow(page, [folder])
    await expect(page.getByText('folder is a folder.')).toBeVisible()
    await dropOnWindow(page, [notes])
    await expect(page.getByText('notes.docx cannot be imported.')).toBeVisible()
    await dropOnWindow(page, [claims, more])
    await expect(page.getByRole('heading', { name: 'Import Schäden 損害.csv' })).toBeVisible()
    await expect(page.getByText('1 more file after this one')).toBeVisible()

    await test.step('a column gets another name and its dates a meaning, seen before the import', async () => {
      const name = page.getByRole('textbox', { name: 'Name of paid on' })
      await name.fill('ID')
      await name.press('Enter')
      await expect(page.getByText('Two columns have the same name')).toBeVisible()
      await expect(page.getByRole('button', { name: 'Import', exact: true })).toBeDisabled()
      await name.fill('Zahltag')
      await name.press('Enter')
      await expect(page.getByRole('combobox', { name: 'Type of paid on' })).toHaveText('Text')
      await page.getByRole('combobox', { name: 'Type of paid on' }).click()
      await page.getByRole('option', { name: 'Date', exact: true }).click()
      const written = page.getByRole('combobox', { name: 'How paid on is written' })
      const firstRow = page.getByRole('grid', { name: 'First rows of the file' }).getByRole('row').nth(1)
      await written.click()
      await page.getByRole('option', { name: /^12\/31\/2026/ }).click()
      await expect(firstRow).toContainText('2026-03-04')
      await written.click()
      await page.getByRole('option', { name: /^31\/12\/2026/ }).click()
      await expect(firstRow).toContainText('2026-04-03')
      expect(await accessibilityProblems(page)).toEqual([])
      await page.getByRole('button', { name: 'Import', exact: true }).click()
      await page.getByRole('button', { name: 'Next file (1)' }).click()
      await expect(page.getByRole('heading', { name: 'Import more.csv' })).toBeVisible()
      await page.getByRole('button', { name: 'Cancel', exact: true }).click()
      await page.getByRole('grid', { name: 'Datasets' }).getByText('Schäden 損害').dblclick()
      const imported = page.getByRole('grid', { name: 'Rows of Schäden 損害' })
      await expect(imported.getByRole('columnheader', { name: 'Zahltag' })).toBeVisible()
      await expect(imported.getByRole('row').nth(1)).toContainText('2026-04-03')
    })

    const bundle = file('model.drydock', 'not a zip file')
    await dropOnWindow(page, [bundle])
    await expect(page).toHaveURL(/bundles\/review\?path=.*model\.drydock/)
    await expect(
      page
        .getByRole('alert')
        .or(page.getByText(/not a bundle/i))
        .first()
    ).toBeVisible()
  })

  test('what was typed outlives a tab, and a host that dies', async ({ app, page, directory }) => {
    await createWorkspace(app, page, directory)
    const source = join(directory, 'small.csv')
    writeFileSync(source, 'a,b\n1,2\n')
    await dropOnWindow(page, [source])
    await page.getByRole('button', { name: 'Import', exact: true }).click()
    await page.getByRole('button', { name: 'Open the dataset' }).click()
    await page.getByRole('tab', { name: /^About/ }).click()
    await page.getByLabel('Owner').fill('Ada')
    await page.getByRole('tab', { name: /^Columns/ }).click()
    await page.getByRole('tab', { name: /^About/ }).click()
    await expect(page.getByLabel('Owner')).toHaveValue('Ada')

    const hostPid = () =>
      app.evaluate(
        ({ app: electron }) => electron.getAppMetrics().find((each) => `${each.name} ${each.serviceName}`.includes('Drydock host'))?.pid
      )
    await page.getByLabel('Description').fill('Half a sentence')
    const before = await hostPid()
    if (before === undefined) throw new Error('There is no host.')
    process.kill(before, 'SIGKILL')
    await expect(page.getByText(/was restarted after it stopped/)).toBeVisible()
    await expect(page.getByLabel('Description')).toHaveValue('Half a sentence')
    await page.getByLabel('Licence').fill('CC0')
    await page.getByRole('button', { name: 'Save' }).click()
    await expect(page.getByText('The description was saved.')).toBeVisible()
    await expect(page.getByLabel('Owner')).toHaveValue('Ada')
    await expect(page.getByRole('button', { name: 'Save' })).toBeDisabled()
  })

  test('the Features area says how features come about', async ({ app, page, directory }) => {
    await createWorkspace(app, page, directory)
    await page.getByRole('link', { name: 'Features', exact: true }).click()
    await expect(page.getByRole('heading', { name: 'No features yet' })).toBeVisible()
    await expect(page.getByText(/Add a source step and an SQL step to a pipeline/)).toBeVisible()
    expect(await accessibilityProblems(page)).toEqual([])
  })
})
