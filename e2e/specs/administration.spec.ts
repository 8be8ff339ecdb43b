import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { accessibilityProblems } from '../fixtures/accessibility'
import { expect, launchApp, test as base } from '../fixtures/app'

/** The app on a computer whose administrator has settled something. */
const test = base.extend<{ machineSettings: string }>({
  machineSettings: [
    async ({ directory }, use) => {
      const file = join(directory, 'drydock.yaml')
      mkdirSync(join(directory, 'lab'))
      writeFileSync(
        file,
        `schema: drydock.machine/1\nversion: 1\nname: Harbour lab\nallowedFolders: ["${join(directory, 'lab')}"]\nscriptSteps: off\n` +
          'classification: {text: RESTRICTED - HARBOUR EYES ONLY, tone: red}\n'
      )
      process.env.DRYDOCK_MACHINE_SETTINGS = file
      await use(file)
      delete process.env.DRYDOCK_MACHINE_SETTINGS
    },
    { auto: true }
  ]
})

test.describe('a computer that an administrator has set up', () => {
  test('shows its classification on every screen, over dialogs too, in each theme', async ({ page }) => {
    const bands = page.getByRole('region', { name: /^Classification/, includeHidden: true })
    await expect(bands).toHaveText(['RESTRICTED - HARBOUR EYES ONLY', 'RESTRICTED - HARBOUR EYES ONLY'])
    for (const theme of ['dark', 'contrast', 'light']) {
      await page.evaluate((name) => document.documentElement.setAttribute('data-theme', name), theme)
      for (const edge of ['top', 'bottom']) {
        const box = await page.getByRole('region', { name: `Classification, ${edge}` }).boundingBox()
        const height = await page.evaluate(() => window.innerHeight)
        expect(edge === 'top' ? box!.y : Math.round(box!.y + box!.height)).toBe(edge === 'top' ? 0 : height)
      }
    }
    await page.keyboard.press('Control+k')
    await expect(page.getByRole('dialog')).toBeVisible()
    const onTop = await page.evaluate(() => document.elementFromPoint(window.innerWidth / 2, 4)?.textContent)
    expect(onTop).toBe('RESTRICTED - HARBOUR EYES ONLY')
  })

  test('shows in Settings what is settled and where, and a diagnosis before it is written', async ({
    page,
    machineSettings,
    directory
  }) => {
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox').fill('settings of this computer')
    await expect(page.getByRole('option', { selected: true })).toContainText('settings of this computer')
    await page.keyboard.press('Enter')
    await expect(page.getByText('Harbour lab')).toBeVisible()
    await expect(page.getByText(machineSettings)).toBeVisible()
    await expect(page.getByText('set by your administrator)')).toHaveCount(3)
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme })
      await expect.poll(() => accessibilityProblems(page), colorScheme).toEqual([])
    }
    await page.getByRole('button', { name: 'Look at it' }).click()
    const dialog = page.getByRole('dialog', { name: 'Diagnosis for support' })
    await expect(dialog.getByRole('region', { name: 'program.json' })).toContainText('"scriptSteps": "off"')
    expect(await accessibilityProblems(page)).toEqual([])
    await expect(dialog).not.toContainText('HARBOUR')
    await expect(dialog).not.toContainText(directory)
  })
})

base('a program whose machine settings cannot be read says why and ends', async ({ directory }) => {
  const file = join(directory, 'drydock.yaml')
  writeFileSync(file, 'schema: drydock.machine/1\nversion: 1\nname: Lab\nscriptSteps: perhaps\n')
  process.env.DRYDOCK_MACHINE_SETTINGS = file
  try {
    const app = await launchApp(directory)
    let said = ''
    app.process().stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()))
    const ended = new Promise<number | null>((done) => app.process().once('exit', done))
    // The box waits for a click; what it says is on the standard error as well.
    await app.evaluate(({ dialog }) => {
      dialog.showErrorBox = () => undefined
    })
    expect(await ended).toBe(1)
    expect(said).toContain(file)
    expect(said).toContain('line 4, column 14')
  } finally {
    delete process.env.DRYDOCK_MACHINE_SETTINGS
  }
})
