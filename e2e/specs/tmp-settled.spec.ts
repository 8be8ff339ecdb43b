import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { accessibilityProblems } from '../fixtures/accessibility'
import { expect, launchApp, test } from '../fixtures/app'
import { answerDialog } from '../pages/workbench'

const cli = (user: string, ...args: string[]) =>
  execFileSync(process.execPath, [join('out', 'main', 'cli.js'), ...args], {
    encoding: 'utf8',
    env: { ...process.env, DRYDOCK_USER_DIR: user, DRYDOCK_PASSPHRASE: 'only for this test' }
  })

test('panels', async ({ app, page, directory, settled }) => {
  test.setTimeout(400_000)
  const folder = settled.copyTo(join(directory, 'settled'))
  const user = join(directory, 'user-data')
  const rows = Array.from({ length: 2400 }, (_, row) => {
    const x = (row * 7919) % 1009,
      e = (row * 104_729) % 997
    const s = x / 1009 + e / 997
    return `${x},${(row * 31) % 50},${(x / 10 + e / 40).toFixed(3)},${s < 0.6 ? 'low' : s < 1.3 ? 'middle' : 'high'}`
  })
  writeFileSync(join(directory, 'more.csv'), ['a,b,amount,band', ...rows, ''].join('\n'))
  const pipe = (name: string, train: string, steps: string, last: string) => `schema: drydock.pipeline
version: 1
name: ${name}
title: ${name}
steps:
  - { id: data, type: source, parameters: { dataset: more } }
  - { id: apart, type: split, inputs: { table: data.table }, parameters: { test: 0.5, seed: 1 } }
  - { id: rest, type: split, inputs: { table: apart.test }, parameters: { test: 0.5, seed: 2 } }
  - { id: kept, type: split, inputs: { table: rest.train }, parameters: { test: 0.5, seed: 3 } }
  - { id: train, type: train, inputs: { train: apart.train }, parameters: { ${train} } }
${steps}
  - { id: evaluate, type: evaluate, inputs: { model: ${last}, test: rest.test }, parameters: { bootstrapSamples: 50, latencyCalls: 5 } }
  - { id: register, type: register, inputs: { model: ${last} }, parameters: { name: ${name}, requireGate: false } }
`
  writeFileSync(
    join(directory, 'amounts.yaml'),
    pipe(
      'amounts',
      'target: amount, task: regression, features: [a, b], parameters: { trees: 20 }',
      '  - { id: conform, type: conform, inputs: { model: train.model, rows: kept.train } }',
      'conform.model'
    )
  )
  writeFileSync(
    join(directory, 'bands.yaml'),
    pipe(
      'bands',
      'target: band, task: multiclass, features: [a, b], parameters: { trees: 20 }',
      `  - { id: calibrate, type: calibrate, inputs: { model: train.model, rows: kept.train } }
  - { id: decide, type: decide, inputs: { model: calibrate.model, rows: kept.test }, parameters: { by: cost, costs: { high: { low: 20, middle: 10 }, middle: { low: 2 } } } }
  - { id: conform, type: conform, inputs: { model: decide.model, rows: kept.test } }`,
      'conform.model'
    )
  )
  cli(user, 'import', '-w', folder, join(directory, 'more.csv'), '--name', 'more')
  for (const name of ['amounts', 'bands']) cli(user, 'run', '-w', folder, join(directory, `${name}.yaml`))
  for (const name of ['late', 'bands', 'amounts']) writeFileSync(`/tmp/p3-${name}.txt`, cli(user, 'model', 'show', '-w', folder, name))
  cli(user, 'keygen', '--out', join(directory, 'key.pem'), '--public-out', join(directory, 'key.pub'))
  const bundle = join(directory, 'late.drydock')
  cli(user, 'export', '-w', folder, 'late@1', '--key', join(directory, 'key.pem'), '--out', bundle)

  await page.setViewportSize({ width: 1366, height: 768 }).catch(() => undefined)
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.setContentSize(1366, 768))
  await answerDialog(app, folder)
  await page.getByRole('button', { name: 'Open a workspace' }).click()
  const shots = async (name: string) => {
    for (const scheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: scheme })
      await page.waitForTimeout(400)
      await page.screenshot({ path: `/tmp/p3-${name}-${scheme}.png` })
      if (scheme === 'light') {
        const panel = page.getByTestId('settled')
        const box = await panel.evaluate((element) => element.scrollHeight)
        for (let at = 1; at * 560 < box; at++) {
          await panel.evaluate((element, top) => {
            let each: HTMLElement | null = element as HTMLElement
            while (each) {
              each.scrollTop = top
              each = each.parentElement
            }
          }, at * 560)
          await page.waitForTimeout(200)
          await page.screenshot({ path: `/tmp/p3-${name}-light-${at}.png` })
        }
        await panel.evaluate((element) => {
          let each: HTMLElement | null = element as HTMLElement
          while (each) {
            each.scrollTop = 0
            each = each.parentElement
          }
        })
      }
    }
    await page.emulateMedia({ colorScheme: 'light' })
  }
  for (const name of ['late', 'bands', 'amounts']) {
    await page.getByRole('link', { name: 'Models', exact: true }).click()
    await page.getByRole('grid', { name: 'Registered models' }).getByText(name, { exact: true }).dblclick()
    await page.getByRole('tab', { name: 'After training' }).click()
    await expect(page.getByTestId('settled')).toBeVisible()
    console.log(name, await accessibilityProblems(page))
    await shots(name)
  }
  await app.close()
  const second = await launchApp(directory, { args: [bundle] })
  const review = await second.firstWindow()
  await review.getByRole('tab', { name: 'After training' }).click()
  await expect(review.getByTestId('settled')).toBeVisible()
  await review.screenshot({ path: '/tmp/p3-bundle.png' })
  await second.close()
})
