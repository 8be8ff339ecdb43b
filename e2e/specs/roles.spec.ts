import type { ElectronApplication, Page } from '@playwright/test'
import { copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, launchApp, test } from '../fixtures/app'
import { answerDialog, makeReviewerKey } from '../pages/workbench'

const passphrase = 'each has one of their own'

/** A window of one person at a place of their own: nothing is there but what was sent. */
async function at(directory: string, work: (app: ElectronApplication, page: Page) => Promise<void>, args: string[] = []): Promise<void> {
  mkdirSync(directory, { recursive: true })
  const app = await launchApp(directory, { args })
  try {
    await work(app, await app.firstWindow())
  } finally {
    await app.close()
  }
}

const verdict = (page: Page, word: string) => page.getByLabel('Verdict').getByRole('heading', { name: word })

async function open(app: ElectronApplication, page: Page, bundle: string): Promise<void> {
  await answerDialog(app, bundle)
  await page.getByRole('button', { name: 'Check a bundle I received' }).click()
  await expect(page.getByLabel('Verdict')).toBeVisible()
}

async function trust(app: ElectronApplication, page: Page, file: string, entry: string): Promise<void> {
  await answerDialog(app, file)
  await page.getByRole('button', { name: 'Add whom you trust' }).click()
  await page.getByRole('menuitem', { name: entry }).click()
}

/** Opens what was received, knows its author by the key, decides, and keeps the public half of the own key for those who rely on it. */
const review = (directory: string, received: string, authorKey: string, name: string, decision: 'Approve' | 'Reject', saying: string) =>
  at(directory, async (app, page) => {
    await open(app, page, received)
    await trust(app, page, authorKey, 'Public key file')
    await expect(verdict(page, 'Holds')).toBeVisible()
    const form = await makeReviewerKey(page, name, passphrase)
    await answerDialog(app, `${directory}.pub.pem`)
    await form.getByRole('button', { name: 'Save public key' }).click()
    await expect.poll(() => existsSync(`${directory}.pub.pem`)).toBe(true)
    await form.getByRole('textbox', { name: 'Passphrase of the key' }).fill(passphrase)
    await form.getByRole('radio', { name: decision }).check()
    await form.getByRole('textbox', { name: 'Statement' }).fill(saying)
    await form.getByRole('button', { name: decision === 'Reject' ? 'Sign the rejection' : 'Sign the approval' }).click()
    await expect(page.getByRole('list', { name: 'Decisions' })).toContainText(saying)
  })

test('author, two reviewers of whom one rejects, and operator: each at a place of their own, with files between them', async ({
  sample,
  directory
}) => {
  test.setTimeout(600_000)
  const [sent, rejected] = [join(directory, 'sent.drydock'), join(directory, 'rejected.drydock')]
  const authorKey = join(sample.folder, 'exports', 'signer.pub.pem')

  await test.step('the author exports a signed bundle', () =>
    at(
      join(directory, 'ada'),
      async (app, page) => {
        await page.getByRole('link', { name: 'Models', exact: true }).click()
        await page.getByRole('grid', { name: 'Registered models' }).getByText('strike-damage', { exact: true }).dblclick()
        await page.getByRole('button', { name: 'Export signed bundle' }).click()
        const dialog = page.getByRole('dialog')
        await answerDialog(app, sent)
        await dialog.getByRole('button', { name: 'Choose', exact: true }).click()
        await dialog.getByRole('textbox', { name: 'Passphrase of the key' }).fill('demonstration only')
        await dialog.getByRole('button', { name: 'Sign and export' }).click()
        await expect(dialog.getByText('Holds', { exact: true })).toBeVisible()
      },
      [`--workspace=${sample.copyTo(join(directory, 'ada', 'workspace'))}`]
    ))

  await test.step('one reviewer approves, the other rejects a copy', async () => {
    await review(join(directory, 'grace'), sent, authorKey, 'Grace Reviewer', 'Approve', 'The evidence supports the use.')
    copyFileSync(sent, rejected)
    await review(join(directory, 'rui'), rejected, authorKey, 'Rui Reviewer', 'Reject', 'The groups are not treated alike.')
  })

  await test.step('the operator is told what may be deployed', async () => {
    writeFileSync(
      join(directory, 'trust.yaml'),
      `schema: drydock.trust
version: 1
name: production
people:
  - { name: The author, roles: [author], keys: [${JSON.stringify(authorKey)}] }
  - { name: Grace Reviewer, roles: [reviewer, approver], keys: [grace.pub.pem] }
  - { name: Rui Reviewer, roles: [reviewer, approver], keys: [rui.pub.pem] }
`
    )
    await at(join(directory, 'otto'), async (app, page) => {
      await open(app, page, rejected)
      await trust(app, page, join(directory, 'trust.yaml'), 'Trust document: people and roots')
      await expect(verdict(page, 'Rejected')).toBeVisible()
      await expect(page.getByLabel('Verdict')).toContainText('Rui Reviewer')
    })
    await at(join(directory, 'otto'), async (app, page) => {
      await open(app, page, sent)
      await trust(app, page, join(directory, 'trust.yaml'), 'Trust document: people and roots')
      const approvals = page.getByRole('textbox', { name: 'Approvals that must be there' })
      await page.getByRole('checkbox', { name: 'The enclosed policy is met, judged anew' }).check()
      await approvals.fill('2')
      await approvals.press('Enter')
      await expect(verdict(page, 'Insufficient')).toBeVisible()
      await expect(page.getByRole('list', { name: 'Missing' })).toContainText(/approv/i)
      await approvals.fill('1')
      await approvals.press('Enter')
      await expect(verdict(page, 'Holds')).toBeVisible()
    })
  })
})
