import type { ElectronApplication, Locator, Page } from '@playwright/test'
import { expect } from '../fixtures/app'
import { notice, pasteInto } from './workbench'

/** The editor of one pipeline: text and canvas, and its runs. */
export function openPipelineEditor(app: ElectronApplication, page: Page) {
  const step = (title: string): Locator => page.getByRole('group', { name: new RegExp(`^${title}`) })
  return {
    step,
    /** Replaces the pipeline by this YAML and saves it as a version. */
    async write(yaml: string): Promise<void> {
      await page.getByRole('button', { name: 'YAML', exact: true }).click()
      await pasteInto(app, page.getByRole('textbox', { name: 'Pipeline as YAML' }), yaml)
      await expect(page.getByText(/Draft (saved|not saved)/)).toBeVisible()
      await page.getByRole('button', { name: 'Save as a version' }).click()
      await expect(notice(page, /^Saved as version [0-9a-f]{8}/)).toBeVisible()
      await page.getByRole('button', { name: 'Canvas', exact: true }).click()
    },
    /** Starts a run with these parameters, the others as they are by default, and waits until it has succeeded. */
    async run(parameters: Record<string, string>): Promise<void> {
      await page.getByRole('button', { name: 'Run', exact: true }).click()
      const dialog = page.getByRole('dialog', { name: 'Run the pipeline' })
      for (const [name, value] of Object.entries(parameters)) {
        await dialog.getByLabel(name).fill(value)
        await dialog.getByLabel(name).blur()
      }
      await dialog.getByRole('button', { name: 'Start the run' }).click()
      await expect(dialog).toBeHidden()
      await expect(page.getByRole('button', { name: 'Cancel the run' })).toBeVisible()
      await expect(page.getByRole('button', { name: /^Last run: succeeded/ })).toBeVisible({ timeout: 240_000 })
    }
  }
}
