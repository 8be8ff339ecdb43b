import { existsSync, mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeUpdateFile, newKey, removeFolders, writeProgram } from '../../main/core/updates/release.fixture'
import { accessibilityProblems } from '../fixtures/accessibility'
import { expect, test } from '../fixtures/app'
import { answerDialog } from '../pages/workbench'

const [ours, theirs] = [newKey('Release key of the tests'), newKey('Somebody else')]
const root = mkdtempSync(join(tmpdir(), 'drydock-e2e-update-'))
const before = { ...process.env }

test.beforeAll(() => {
  // As the launcher says it to a packaged program.
  process.env.DRYDOCK_PROGRAM_DIR = writeProgram(join(root, 'machine'), [ours], { version: '0.1.0' })
  process.env.XDG_DATA_HOME = join(root, 'data')
})
test.afterAll(() => {
  for (const name of ['DRYDOCK_PROGRAM_DIR', 'XDG_DATA_HOME']) {
    if (before[name] === undefined) delete process.env[name]
    else process.env[name] = before[name]
  }
  removeFolders()
})

test('an update file is checked before anything is done, handed over, and refused where another key signed it', async ({ app, page }) => {
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.setContentSize(1366, 768))
  await expect(page.getByText('Recent workspaces')).toBeVisible()
  await page.evaluate(() => (location.hash = '#/settings/updates'))
  await expect(page.getByRole('heading', { name: 'No update file is open' })).toBeVisible()
  await expect(page.getByText(ours.fingerprint)).toBeVisible()

  const good = await makeUpdateFile({ version: '0.2.0', key: ours, changes: '- Everything is **new**.\n- <b>Nothing</b> is old.' })
  await answerDialog(app, good)
  await page.getByRole('button', { name: 'Check an update file' }).click()
  await expect(page.getByText('Version 0.2.0 may be applied in place of 0.1.0.')).toBeVisible()
  await expect(page.getByText('Signed by Release key of the tests')).toBeVisible()
  await expect(page.getByText('<b>Nothing</b> is old.')).toBeVisible()
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    // Colours change in a moment, not at once.
    await expect.poll(() => accessibilityProblems(page), colorScheme).toEqual([])
  }
  await page.getByRole('button', { name: 'Take out the package' }).click()
  const command = page.getByText(/^sudo apt install .*\.deb$/)
  await expect(command).toBeVisible()
  const path = (await command.innerText()).replace('sudo apt install ', '')
  expect(existsSync(path) && readFileSync(path, 'utf8')).toContain('0.2.0')
  expect(path.startsWith(join(root, 'data'))).toBe(true)

  await answerDialog(app, await makeUpdateFile({ version: '0.3.0', key: theirs, changes: 'Trust me.' }))
  await page.getByRole('button', { name: 'Check an update file' }).click()
  await expect(page.getByText('Refused. Another key signed it.')).toBeVisible()
  await expect(page.getByText('Trust me.')).toBeHidden()
  await expect(page.getByRole('button', { name: /Apply for me|Take out/ })).toBeHidden()
})
