import type { ElectronApplication, Locator, Page } from '@playwright/test'
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { accessibilityProblems } from '../fixtures/accessibility'
import { expect, test as base } from '../fixtures/app'
import { answerDialog, makeReviewerKey, runCli } from '../pages/workbench'

const demoPassphrase = 'demonstration only'
const cliPassphrase = 'low water springs'

/** What the sample workspace exported; tests that write work on copies. */
const test = base.extend<{ bundle: string; publicKey: string; cli: (...args: string[]) => string }>({
  bundle: ({ sample }, use) => use(join(sample.folder, 'exports', 'strike-damage-1.drydock')),
  publicKey: ({ sample }, use) => use(join(sample.folder, 'exports', 'signer.pub.pem')),
  cli: ({ directory }, use) => use((...args) => runCli(args, join(directory, 'cli-user')))
})

// The check of accessibility tries to enter the frame of a document, which may run no script of anybody.
test.use({ expectedProblems: /^console: (Blocked script execution in 'about:srcdoc'|Failed to execute 'postMessage' on 'DOMWindow')/ })

const verdict = (page: Page): Locator => page.getByLabel('Verdict')

async function openWithoutWorkspace(app: ElectronApplication, page: Page, path: string): Promise<void> {
  await answerDialog(app, path)
  await page.getByRole('button', { name: 'Check a bundle I received' }).click()
  await expect(verdict(page)).toBeVisible()
}

async function trustKey(app: ElectronApplication, page: Page, publicKey: string): Promise<void> {
  await answerDialog(app, publicKey)
  await page.getByRole('button', { name: 'Choose whom you trust' }).click()
  await page.getByRole('menuitem', { name: 'Public key file' }).click()
}

/** Changes one bit inside the stored bytes of a file of the container. */
function flipBit(container: string, name: string): void {
  const bytes = readFileSync(container)
  let found = bytes.indexOf(name)
  // Other files name it too; its own entry has the signature of a local file header 30 bytes before.
  while (found >= 30 && bytes.readUInt32LE(found - 30) !== 0x04034b50) found = bytes.indexOf(name, found + 1)
  expect(found).toBeGreaterThan(0)
  const header = found - 30
  const start = header + 30 + bytes.readUInt16LE(header + 26) + bytes.readUInt16LE(header + 28)
  bytes[start + 1000] ^= 1
  writeFileSync(container, bytes)
}

test.describe('review without a workspace', () => {
  test('shows that a signer is untrusted, then verified with the key', async ({ app, page, bundle, publicKey }) => {
    await openWithoutWorkspace(app, page, bundle)
    await expect(verdict(page)).toContainText('untrusted signer')
    await trustKey(app, page, publicKey)
    await expect(verdict(page).getByRole('heading', { name: 'Holds' })).toBeVisible()
    await expect(page.getByText('Demo identities: the people')).toBeVisible()
    const card = page.frameLocator('iframe[title="Document card/model-card.html"]')
    await expect(card.getByRole('heading', { name: 'strike-damage, version 1' })).toBeVisible()
    expect(await accessibilityProblems(page)).toEqual([])

    await page.getByRole('tab', { name: 'Checks' }).click()
    const checks = page.getByRole('list', { name: 'Checks' }).getByRole('listitem')
    await expect(checks).toHaveCount(10)
    await expect(checks.last()).toContainText('known by the public key you gave')
    expect(await accessibilityProblems(page)).toEqual([])

    await page.getByRole('tab', { name: /Decisions/ }).click()
    await expect(page.getByRole('list', { name: 'Decisions' })).toContainText('Rui Demo (demo identity)')
    await expect(page.getByText('Clock not vouched for')).toBeVisible()
    expect(await accessibilityProblems(page)).toEqual([])
  })

  test('names the file in which one bit was changed and refuses a countersignature', async ({
    app,
    page,
    directory,
    bundle,
    publicKey
  }) => {
    const copy = join(directory, 'changed.drydock')
    copyFileSync(bundle, copy)
    flipBit(copy, 'model/model.onnx')
    await openWithoutWorkspace(app, page, copy)
    await expect(verdict(page).getByRole('heading', { name: 'Altered' })).toBeVisible()
    const named = page.getByRole('list', { name: 'Files that differ from what was signed' }).getByRole('listitem')
    await expect(named).toHaveCount(1)
    await expect(named).toContainText('model/model.onnx')
    await trustKey(app, page, publicKey)
    await expect(verdict(page).getByRole('heading', { name: 'Altered' })).toBeVisible()
    await expect(page.getByRole('button', { name: 'Countersign' })).toBeDisabled()
    await page.getByRole('tab', { name: 'Countersign' }).click()
    await expect(page.getByRole('heading', { name: 'This bundle cannot be countersigned' })).toBeVisible()
    expect(await accessibilityProblems(page)).toEqual([])
  })

  test('adds a rejection signed with a key made here, and says so when the passphrase is wrong', async ({
    app,
    page,
    directory,
    bundle,
    publicKey,
    cli
  }) => {
    const copy = join(directory, 'reviewed.drydock')
    copyFileSync(bundle, copy)
    await openWithoutWorkspace(app, page, copy)
    await trustKey(app, page, publicKey)
    const form = await makeReviewerKey(page, 'Vera Reviewer', 'correct horse')
    await form.getByRole('button', { name: 'Sign the decision' }).click()
    await expect(form.getByText('Approve or reject.')).toBeVisible()
    await form.getByRole('textbox', { name: 'Passphrase of the key' }).fill('wrong passphrase')
    await form.getByRole('radio', { name: 'Reject' }).check()
    await form.getByRole('textbox', { name: 'Statement' }).fill('The groups are not treated alike.')
    await expect(form.getByLabel('Printed name')).toHaveValue('Vera Reviewer')
    expect(await accessibilityProblems(page)).toEqual([])
    await form.getByRole('button', { name: 'Sign the rejection' }).click()
    await expect(form.getByRole('alert')).toContainText('Nothing was signed')
    await expect(form.getByRole('alert')).toContainText(/passphrase/i)
    expect(readFileSync(copy).equals(readFileSync(bundle))).toBe(true)

    await form.getByRole('textbox', { name: 'Passphrase of the key' }).fill('correct horse')
    await form.getByRole('button', { name: 'Sign the rejection' }).click()
    const decisions = page.getByRole('list', { name: 'Decisions' }).getByRole('listitem')
    await expect(decisions).toHaveCount(2)
    const own = decisions.filter({ hasText: 'Vera Reviewer' })
    await expect(own).toContainText('Rejected')
    await expect(own).toContainText('The groups are not treated alike.')
    await expect(own).toContainText('Signature holds')
    // Whose rejection it is, the reviewer knows without naming anybody.
    await expect(verdict(page).getByRole('heading', { name: 'Rejected' })).toBeVisible()
    await expect(verdict(page)).toContainText('Rejected by you (Vera Reviewer)')
    await expect(own).toContainText('your own')
    // At the command line of somebody else it is a stranger's.
    expect(cli('verify', copy, '--key', publicKey)).toContain('unknown signer says: reject by Vera Reviewer')
  })
})

test.describe('what must hold', () => {
  test('a reviewer asks for an approval and the gate, sees what is missing, and the verdict follows the decisions', async ({
    app,
    page,
    directory,
    bundle,
    publicKey,
    cli
  }) => {
    const copy = join(directory, 'asked.drydock')
    copyFileSync(bundle, copy)
    await openWithoutWorkspace(app, page, copy)
    await trustKey(app, page, publicKey)
    const panel = page.getByRole('region', { name: 'What must hold?' })
    await panel.getByLabel('Approvals that must be there').fill('1')
    await panel.getByRole('checkbox', { name: /enclosed policy is met/ }).click()
    await expect(verdict(page).getByRole('heading', { name: 'Insufficient: not all that was asked' })).toBeVisible()
    await expect(verdict(page).getByRole('list', { name: 'Missing' })).toContainText('Approvals: 1 person whom you trust')
    expect(await accessibilityProblems(page)).toEqual([])

    const [key, publicHalf] = [join(directory, 'vera.pem'), join(directory, 'vera.pub.pem')]
    process.env.DRYDOCK_PASSPHRASE = cliPassphrase
    cli('keygen', '--out', key, '--public-out', publicHalf)
    delete process.env.DRYDOCK_PASSPHRASE
    await answerDialog(app, publicHalf)
    await panel.getByRole('button', { name: 'Add whom you trust' }).click()
    await page.getByRole('menuitem', { name: "Reviewers' keys or certificates" }).click()
    await expect(panel).toContainText('vera.pub.pem')

    const sign = async (decision: 'Approve' | 'Reject', statement: string) => {
      await page.getByRole('tab', { name: 'Countersign' }).click()
      const form = page.getByRole('form', { name: 'Countersign' })
      await answerDialog(app, key)
      await form.getByRole('button', { name: 'Choose a key file' }).click()
      await form.getByLabel('Printed name').fill('Vera Reviewer')
      await form.getByRole('textbox', { name: 'Passphrase of the key' }).fill(cliPassphrase)
      await form.getByRole('radio', { name: decision }).check()
      await form.getByRole('textbox', { name: 'Statement' }).fill(statement)
      await form.getByRole('button', { name: `Sign the ${decision === 'Approve' ? 'approval' : 'rejection'}` }).click()
      await expect(page.getByRole('tab', { name: /Decisions/ })).toHaveAttribute('aria-selected', 'true')
    }
    await sign('Approve', 'Read card and evaluation.')
    await expect(verdict(page).getByRole('heading', { name: 'Holds' })).toBeVisible()
    await sign('Reject', 'The groups are not treated alike.')
    await expect(verdict(page).getByRole('heading', { name: 'Rejected' })).toBeVisible()
    await expect(verdict(page)).toContainText('Rejected by "Vera Reviewer"')
    expect(() => cli('verify', copy, '--key', publicKey, '--reviewer', publicHalf, '--approvals', '1', '--gate', 'pass')).toThrow()
  })
})

test.describe('export', () => {
  test.use({ openWorkspace: ({ sample, directory }, use) => use(sample.copyTo(join(directory, 'workspace'))) })

  test('is done from the Models page by clicks and verifies', async ({ app, page, directory, publicKey, cli }) => {
    await page.getByRole('link', { name: 'Models', exact: true }).click()
    await page.getByRole('grid', { name: 'Registered models' }).getByText('strike-damage', { exact: true }).dblclick()
    await expect(page.getByRole('heading', { name: 'strike-damage', exact: true })).toBeVisible()
    expect(await accessibilityProblems(page)).toEqual([])
    await page.getByRole('button', { name: 'Export signed bundle' }).click()
    const target = join(directory, 'handed over.drydock')
    const dialog = page.getByRole('dialog')
    await answerDialog(app, target)
    await dialog.getByRole('button', { name: 'Choose', exact: true }).click()
    await dialog.getByRole('textbox', { name: 'Passphrase of the key' }).fill(demoPassphrase)
    await dialog.getByRole('button', { name: 'Sign and export' }).click()
    await expect(dialog.getByText('Holds', { exact: true })).toBeVisible()
    await expect(dialog.getByText(`drydock verify '${target}' --key signer.pub.pem`)).toBeVisible()
    expect(await accessibilityProblems(page)).toEqual([])
    await dialog.getByRole('button', { name: 'Open as reviewer' }).click()
    await expect(verdict(page).getByRole('heading', { name: 'Holds' })).toBeVisible()
    expect(cli('verify', target, '--key', publicKey)).toContain('HOLDS')
    await page.getByRole('link', { name: 'Bundles', exact: true }).click()
    const bundles = page.getByRole('grid', { name: 'Exported bundles' })
    await expect(bundles.getByText(target)).toBeVisible()

    // On a small screen, with the inspector open, versions are read whole and nothing scrolls sideways.
    await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.setContentSize(1366, 768))
    await bundles.getByText(target).click()
    await expect(page.getByRole('complementary', { name: 'Inspector' })).toBeVisible()
    const version = bundles.getByText('strike-damage@1', { exact: true }).first()
    await expect.poll(() => version.evaluate((text) => text.scrollWidth - text.clientWidth)).toBe(0)
    await expect.poll(() => bundles.evaluate((grid) => grid.scrollWidth - grid.clientWidth)).toBe(0)
  })

  test('of every part of a version is readable by assistive technology', async ({ page }) => {
    for (const [hash, name] of [
      ['#/models/strike-damage/1?tab=gate', 'The gate passed'],
      ['#/models/strike-damage/1?tab=lineage', 'things and steps'],
      ['#/models/strike-damage/1?tab=history', 'Registered'],
      ['#/policies', 'Strike damage model'],
      ['#/policies/strike-damage', 'The policy is sound'],
      ['#/bundles', 'strike-damage@1']
    ]) {
      await page.evaluate((next) => {
        window.location.hash = next
      }, hash)
      await expect(page.getByText(name).first()).toBeVisible()
      expect(await accessibilityProblems(page), hash).toEqual([])
    }
  })
})
