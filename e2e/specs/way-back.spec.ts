import { spawn } from 'node:child_process'
import { cpSync, existsSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import Database from 'libsql'
import { accessibilityProblems } from '../fixtures/accessibility'
import { expect, test } from '../fixtures/app'
import { answerPrograms, goTo, runCli } from '../pages/workbench'

async function expectAccessible(page: Page): Promise<void> {
  expect(await accessibilityProblems(page)).toEqual([])
}

test.describe('a damaged workspace', () => {
  test.use({
    openWorkspace: async ({ strikes, directory }, use) => {
      const workspace = strikes.copyTo(join(directory, 'workspace'))
      writeFileSync(join(workspace, 'drydock.json'), '')
      await use(workspace)
    }
  })

  test('says what is wrong, is repaired on a click, and has its data', async ({ page }) => {
    await expect(page.getByRole('heading', { name: 'This workspace cannot be opened' })).toBeVisible()
    await expect(page.getByText('drydock.json').first()).toBeVisible()
    await expectAccessible(page)
    await page.getByRole('button', { name: 'Repair', exact: true }).click()
    await expect(page.getByRole('heading', { name: 'There is a workspace to open' })).toBeVisible()
    await expectAccessible(page)
    await page.getByRole('button', { name: 'Open the workspace' }).click()
    await goTo(page, 'Datasets')
    await expect(page.getByRole('grid', { name: 'Datasets' }).getByText('strikes', { exact: true })).toBeVisible()
  })
})

/** Reads one value of the ledger beside the process that writes it, as any SQLite reader may. */
function inLedger(workspace: string, sql: string): unknown {
  if (!existsSync(join(workspace, 'ledger.sqlite'))) return undefined
  const db = new Database(join(workspace, 'ledger.sqlite'))
  try {
    return (db.prepare(sql).get() as { value: unknown } | undefined)?.value
  } finally {
    db.close()
  }
}

/** Stands still until the file is there that lets it end. */
const waitingPipeline = (go: string): string => `schema: drydock.pipeline
version: 1
name: waits
title: Waits for a file
steps:
  - id: wait
    type: script
    parameters:
      command: [${JSON.stringify(process.execPath)}, main.js]
      outputs: { result: File }
      files:
        main.js: ${JSON.stringify(`const fs = require('fs')
fs.writeFileSync(process.env.DRYDOCK_OUTPUT_RESULT, 'text')
const timer = setInterval(() => fs.existsSync(${JSON.stringify(go)}) && clearInterval(timer), 50)`)}
`

test.describe('a workspace that came from elsewhere', () => {
  test.use({
    openWorkspace: async ({ directory }, use) => {
      const [theirs, user] = [join(directory, 'theirs'), join(directory, 'their-user')]
      runCli(['init', theirs], user)
      writeFileSync(join(directory, 'waits.yaml'), waitingPipeline(join(directory, 'copied here', 'go')))
      const run = spawn(process.execPath, [join('out', 'main', 'cli.js'), 'run', '-w', theirs, join(directory, 'waits.yaml')], {
        env: { ...process.env, DRYDOCK_USER_DIR: user },
        stdio: 'ignore'
      })
      const ended = new Promise((resolve) => run.once('exit', resolve))
      await expect.poll(() => inLedger(theirs, 'SELECT count(*) AS value FROM attempt'), { timeout: 60_000 }).toBe(1)
      run.kill('SIGKILL')
      await ended
      const here = join(directory, 'copied here')
      cpSync(theirs, here, { recursive: true, filter: (path) => !path.endsWith('.lock') })
      rmSync(theirs, { recursive: true })
      await use(here)
    }
  })

  test('runs nothing until it is trusted, shows what would run, and then goes on', async ({ app, page, directory }) => {
    await expect(page.getByText('This workspace is restricted')).toBeVisible()
    await page.getByRole('button', { name: 'Show what would run' }).click()
    const dialog = page.getByRole('dialog', { name: 'Trust this workspace?' })
    await expect(dialog.getByText('wait (script)')).toBeVisible()
    await expect(dialog).toContainText('main.js')
    await expectAccessible(page)
    const attempts = (): unknown => inLedger(join(directory, 'copied here'), 'SELECT count(*) AS value FROM attempt')
    expect(attempts(), 'nothing ran again before').toBe(1)
    await answerPrograms(app, 'Run')
    writeFileSync(join(directory, 'copied here', 'go'), '')
    await dialog.getByRole('button', { name: 'Trust this workspace' }).click()
    await expect(dialog).toBeHidden()
    await expect(page.getByText('This workspace is restricted')).toBeHidden()
    await expect
      .poll(() => inLedger(join(directory, 'copied here'), 'SELECT state AS value FROM step_run'), { timeout: 60_000 })
      .toBe('succeeded')
    expect(attempts()).toBe(2)
  })
})
