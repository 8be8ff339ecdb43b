import { join } from 'node:path'
import { sampleModelName, samplePipelines } from '../../resources/sample/pipelines'
import { samplePolicyText } from '../../resources/sample/policy'
import { expect, test } from '../fixtures/app'
import { openPipelineEditor } from '../pages/pipeline-editor'
import { answerDialog, choose, goTo, makeReviewerKey, openRow, pasteInto, runCli } from '../pages/workbench'

const strikes = join('resources', 'sample', 'birdstrikes.csv')
const passphrase = 'nine geese over runway four'
const steps = [
  'Strike reports',
  'Features known at the strike',
  'Quality of the features',
  'Newest quarter for the test',
  'Gradient boosting',
  'Evaluate on the test split',
  'Policy gate',
  'Register the model'
]
/** What a second run with another learning rate has no reason to do again. */
const reused = steps.slice(0, 4)

// Playwright puts a script into every frame; that of the model card has no right to run any.
test.use({ expectedProblems: /^console: (Blocked script execution in 'about:srcdoc'|Failed to execute 'postMessage' on 'DOMWindow')/ })

test('the main job, from an empty window to a bundle that an operator verifies, by clicks', async ({ app, page, directory }) => {
  test.setTimeout(600_000)
  const publicKey = join(directory, 'ada.pub.pem')
  const bundle = join(directory, 'handed over.drydock')

  await test.step('create a workspace', async () => {
    await page.getByRole('button', { name: 'Create a workspace' }).click()
    const dialog = page.getByRole('dialog', { name: 'Create a workspace' })
    await dialog.getByLabel('Name').fill('Strike review')
    await answerDialog(app, directory)
    await dialog.getByRole('button', { name: 'Choose' }).click()
    await expect(dialog).toContainText(join(directory, 'strike-review'))
    await dialog.getByRole('button', { name: 'Create the workspace' }).click()
    await expect(page.getByRole('heading', { name: 'Overview', level: 1 })).toBeVisible()
  })

  await test.step('say who works here, and make a key', async () => {
    await goTo(page, 'Settings')
    await page.getByRole('tab', { name: 'People and keys' }).click()
    await page.getByRole('button', { name: 'Add a person' }).click()
    const person = page.getByRole('dialog', { name: 'Add a person' })
    await person.getByLabel('Printed name').fill('Ada Analyst')
    await person.getByRole('button', { name: 'Add', exact: true }).click()
    await expect(person).toBeHidden()
    const ada = page.getByRole('listitem', { name: 'Ada Analyst' })
    await ada.getByRole('button', { name: 'Add a key' }).click()
    const key = page.getByRole('dialog', { name: 'Add a signing key for Ada Analyst' })
    await key.getByRole('textbox', { name: 'Passphrase' }).fill(passphrase)
    await key.getByRole('textbox', { name: 'The same again' }).fill(passphrase)
    await key.getByRole('button', { name: 'Make the key' }).click()
    await expect(ada.getByText('Can sign here')).toBeVisible()
    await answerDialog(app, publicKey)
    await ada.getByRole('button', { name: 'Save public key' }).click()
    await expect(page.getByText(`The public key was written to ${publicKey}`)).toBeVisible()
  })

  await test.step('import the reports and say what their columns are', async () => {
    await goTo(page, 'Datasets')
    await answerDialog(app, join(process.cwd(), strikes))
    await page.getByRole('button', { name: 'Import a file' }).first().click()
    await page.getByLabel('Dataset name').fill('strikes')
    await page.getByRole('button', { name: 'Import', exact: true }).click()
    await page.getByRole('button', { name: 'Open the dataset' }).click()
    await page.getByRole('tab', { name: /^Columns/ }).click()
    for (const cost of ['Cost Other', 'Cost Repair', 'Cost Total $']) {
      await choose(page, `${cost} is known when`, 'After')
      await choose(page, `Role of ${cost}`, 'Ignored')
    }
    await choose(page, 'Role of Effect Amount of damage', 'Target')
  })

  await test.step('check the quality and read what is wrong', async () => {
    await page.getByRole('tab', { name: 'Quality' }).click()
    await expect(page.getByRole('combobox', { name: 'Target column' })).toHaveValue('Effect Amount of damage')
    await page.getByRole('button', { name: 'Run the check' }).first().click()
    const warnings = page.getByRole('region', { name: 'Warnings' })
    await expect(warnings).toBeVisible()
    await expect(page.getByText(/Made from all 10,000 rows/)).toBeVisible()
    await expect(page.getByRole('heading', { name: /Speed IAS in knots/ }).first()).toBeVisible()
  })

  await test.step('write the policy', async () => {
    await goTo(page, 'Policies')
    await page.getByRole('button', { name: 'New policy' }).click()
    await pasteInto(app, page.getByRole('textbox', { name: 'Policy text' }), samplePolicyText)
    await expect(page.getByText('The policy is sound')).toBeVisible()
    await page.getByRole('button', { name: 'Save new version' }).click()
    await expect(page.getByRole('heading', { name: 'strike-damage', exact: true, level: 1 })).toBeVisible()
  })

  await test.step('write the pipeline and run it twice', async () => {
    await goTo(page, 'Pipelines')
    await page.getByRole('button', { name: 'New pipeline' }).first().click()
    const dialog = page.getByRole('dialog', { name: 'New pipeline' })
    await dialog.getByLabel('Title').fill('Strike damage')
    await dialog.getByRole('button', { name: 'Create the pipeline' }).click()
    const editor = openPipelineEditor(app, page)
    await editor.write(samplePipelines[1])
    await expect(page.getByRole('heading', { name: 'Strike damage, boosted trees', level: 1 })).toBeVisible()
    await editor.run({})
    for (const title of steps) await expect(editor.step(title)).toContainText(title === 'Policy gate' ? 'Gate passed' : 'Succeeded')
    await editor.run({ learning_rate: '0.1' })
    for (const title of steps)
      await expect(editor.step(title)).toContainText(
        title === 'Policy gate' ? 'Gate passed' : reused.includes(title) ? 'Cached' : 'Succeeded'
      )
  })

  await test.step('compare the runs', async () => {
    await goTo(page, 'Experiments')
    const runs = page.getByRole('grid', { name: 'Runs' })
    await expect(runs.getByRole('row')).toHaveCount(3)
    await runs.getByRole('checkbox', { name: 'Select row 1' }).click()
    await runs.getByRole('checkbox', { name: 'Select row 2' }).click()
    await page.getByRole('button', { name: 'Compare' }).click()
    const table = page.getByRole('region', { name: 'Runs side by side' })
    await expect(table.getByRole('row', { name: /^learning rate|^learningRate/i })).toContainText(/0\.05/)
    await expect(table.getByRole('row', { name: /^learning rate|^learningRate/i })).toContainText(/0\.1/)
    await expect(table.getByRole('row', { name: /^AUC/ }).first()).toContainText(/0\.\d+.*0\.\d+ ?(-|–|to) ?0\.\d+/)
  })

  await test.step('export the registered model, signed', async () => {
    await goTo(page, 'Models')
    await openRow(page, 'Registered models', sampleModelName)
    await expect(page.getByRole('heading', { name: sampleModelName, exact: true, level: 1 })).toBeVisible()
    await page.getByRole('tab', { name: 'Gate' }).click()
    await expect(page.getByText('The gate passed')).toBeVisible()
    await page.getByRole('button', { name: 'Export signed bundle' }).click()
    const dialog = page.getByRole('dialog')
    await answerDialog(app, bundle)
    await dialog.getByRole('button', { name: 'Choose', exact: true }).click()
    await dialog.getByRole('textbox', { name: 'Passphrase of the key' }).fill(passphrase)
    await dialog.getByRole('button', { name: 'Sign and export' }).click()
    await expect(dialog.getByText('Holds', { exact: true })).toBeVisible()
    await dialog.getByRole('button', { name: 'Close' }).click()
  })

  const verdict = page.getByLabel('Verdict')
  await test.step('open the bundle as its reviewer', async () => {
    await goTo(page, 'Bundles')
    await answerDialog(app, bundle)
    await page.getByRole('button', { name: 'Open a bundle' }).first().click()
    await expect(verdict).toContainText('untrusted signer')
    await answerDialog(app, publicKey)
    await page.getByRole('button', { name: 'Choose whom you trust' }).click()
    await page.getByRole('menuitem', { name: 'Public key file' }).click()
    await expect(verdict.getByRole('heading', { name: 'Holds' })).toBeVisible()
  })

  await test.step('countersign it', async () => {
    const form = await makeReviewerKey(page, 'Vera Reviewer', passphrase)
    await form.getByRole('textbox', { name: 'Passphrase of the key' }).fill(passphrase)
    await form.getByRole('radio', { name: 'Approve' }).check()
    await form.getByRole('textbox', { name: 'Statement' }).fill('The evidence supports the intended use.')
    await form.getByRole('button', { name: 'Sign the approval' }).click()
    const decision = page.getByRole('list', { name: 'Decisions' }).getByRole('listitem').filter({ hasText: 'Vera Reviewer' })
    await expect(decision).toContainText('Approved')
    await expect(decision).toContainText('Signature holds')
    await expect(verdict.getByRole('heading', { name: 'Holds' })).toBeVisible()
  })

  await test.step('verify it as an operator, with one command', () => {
    const said = runCli(['verify', bundle, '--key', publicKey], join(directory, 'operator'))
    expect(said).toContain('HOLDS')
    expect(said).toContain('approve by Vera Reviewer')
  })
})
