import type { ElectronApplication, Page } from '@playwright/test'
import { spawn } from 'node:child_process'
import { cpSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, launchApp, launchArguments, test } from '../fixtures/app'

/** Starts the program once more, as a second double click does; it hands over to the window that is there and ends. */
function startAgain(directory: string, file: string): Promise<number | null> {
  const again = spawn(process.env.ELECTRON_EXEC_PATH!, launchArguments(join(directory, 'user-data'), [file]), {
    stdio: 'ignore',
    env: { ...process.env, TMPDIR: directory }
  })
  return new Promise((done) => again.on('close', done))
}

const verdict = (page: Page) => page.getByLabel('Verdict')

// The check of a bundle shows documents in frames that may run no script.
test.use({ expectedProblems: /^console: Blocked script execution in 'about:srcdoc'/ })

test.describe('a file that is given to the window', () => {
  let app: ElectronApplication | undefined
  test.afterEach(async () => app?.close())

  test('is checked when it is a bundle, at the start and when the window is there', async ({ directory, sample }) => {
    // What people have in their folders: a name with a space and letters beyond ASCII.
    const folder = join(directory, 'Eingänge 1')
    mkdirSync(folder)
    const [first, second] = ['für uns.drydock', '-zweites.drydock'].map((name) => join(folder, name))
    for (const path of [first, second]) cpSync(join(sample.folder, 'exports', 'strike-damage-1.drydock'), path)

    app = await launchApp(directory, { args: [first] })
    const page = await app.firstWindow()
    await expect(verdict(page)).toContainText('untrusted signer')
    await expect(page.getByText('für uns.drydock').first()).toBeVisible()

    expect(await startAgain(directory, second)).toBe(0)
    await expect(page.getByText('-zweites.drydock').first()).toBeVisible()
    await expect(verdict(page)).toContainText('untrusted signer')

    // A reload shows where one was, and does not begin again with the file of the start.
    await page.reload()
    await expect(page.getByText('-zweites.drydock').first()).toBeVisible()
    await expect(page.getByText('für uns.drydock')).toHaveCount(0)
  })

  test('that is a folder is opened as a workspace', async ({ directory, strikes }) => {
    const workspace = strikes.copyTo(join(directory, 'strikes'))
    app = await launchApp(directory, { args: [workspace] })
    const page = await app.firstWindow()
    await expect(page.getByRole('heading', { name: 'Overview' })).toBeVisible()
    await expect(page).toHaveTitle(/Drydock/)
    expect(await page.title()).not.toBe('Drydock')
  })
})
