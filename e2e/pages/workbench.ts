import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import type { ElectronApplication, Locator, Page } from '@playwright/test'
import { expect } from '../fixtures/app'

/** What the next file or folder dialogs of the operating system answer; nothing else of the app is replaced. */
export const answerDialog = (app: ElectronApplication, path: string): Promise<void> =>
  app.evaluate(({ dialog }, chosen) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [chosen] })
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath: chosen })
  }, path)

/** What the question about the programs of a pipeline is answered; without an answer it stands there and waits. */
export const answerPrograms = (app: ElectronApplication, answer: 'Run' | 'Cancel'): Promise<void> =>
  app.evaluate(
    ({ dialog }, response) => {
      dialog.showMessageBox = () => {
        Object.assign(globalThis, { questionsAnswered: questionsSoFar() + 1 })
        return Promise.resolve({ response, checkboxChecked: false })
      }
      const questionsSoFar = (): number => (globalThis as { questionsAnswered?: number }).questionsAnswered ?? 0
    },
    Number(answer === 'Run')
  )

/** How often the question about programs was answered so far. */
export const programQuestions = (app: ElectronApplication): Promise<number> =>
  app.evaluate(() => (globalThis as { questionsAnswered?: number }).questionsAnswered ?? 0)

/** Files and folders dragged from the desktop and dropped in the middle of the window. */
export async function dropOnWindow(page: Page, files: string[]): Promise<void> {
  const session = await page.context().newCDPSession(page)
  const data = { items: [], files, dragOperationsMask: 1 }
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await session.send('Input.dispatchDragEvent', { type, x: 500, y: 350, data })
  await session.detach()
}

/** A notice at the corner of the window, known by its first line: what it offers is asked of it alone, since others may stand beside it. */
export const notice = (page: Page, title: string | RegExp): Locator => page.getByRole('dialog', { name: title })

export const goTo = (page: Page, area: string): Promise<void> =>
  page
    .getByRole('navigation', { name: 'Areas' })
    .getByRole('link', { name: new RegExp(`^${area}`) })
    .click()

/** Chooses an option of a select that is known by its label. */
export async function choose(page: Page, label: string, option: string): Promise<void> {
  const select = page.getByRole('combobox', { name: label, exact: true })
  await select.click()
  await page.getByRole('option', { name: new RegExp(`^${option}`) }).click()
  await expect(select).toContainText(option)
}

/** Replaces the text of a code editor as a person would: select all, paste. */
export async function pasteInto(app: ElectronApplication, editor: Locator, text: string): Promise<void> {
  await app.evaluate(({ clipboard }, copied) => clipboard.writeText(copied), text)
  await editor.click()
  await editor.press('ControlOrMeta+A')
  await editor.press('ControlOrMeta+V')
}

/** Makes a key of a reviewer's own in the window that shows a bundle, and leaves its form to countersign open. Without a workspace. */
export async function makeReviewerKey(page: Page, name: string, passphrase: string): Promise<Locator> {
  await page.getByRole('button', { name: 'Countersign' }).click()
  await page.getByRole('button', { name: 'Make a key' }).click()
  const key = page.getByRole('dialog', { name: 'Make a key' })
  await key.getByLabel('Printed name').fill(name)
  await key.getByRole('textbox', { name: 'Passphrase', exact: true }).fill(passphrase)
  await key.getByRole('textbox', { name: 'Passphrase again' }).fill(passphrase)
  await key.getByRole('button', { name: 'Make the key' }).click()
  await expect(key).toBeHidden()
  return page.getByRole('form', { name: 'Countersign' })
}

/** Opens a row of a list of the app by a double click on its name. */
export const openRow = (page: Page, list: string, name: string): Promise<void> =>
  page.getByRole('grid', { name: list, exact: true }).getByText(name, { exact: true }).first().dblclick()

/** Runs the built command-line program; throws, with its output, on another exit code than 0. */
export const runCli = (args: readonly string[], userDirectory: string): string =>
  execFileSync(process.execPath, [join('out', 'main', 'cli.js'), ...args], {
    encoding: 'utf8',
    env: { ...process.env, DRYDOCK_USER_DIR: userDirectory }
  })
