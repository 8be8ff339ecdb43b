/** Looks at a packaged window through Chromium's own debugging port. Run beside the clean machine: node window.mjs PORT PICTURE TEXT... */
import { chromium } from '@playwright/test'
import { setTimeout as sleep } from 'node:timers/promises'

const [port, picture, ...wanted] = process.argv.slice(2)
const longest = 120_000

async function connect() {
  for (const started = Date.now(); ; await sleep(500)) {
    try {
      return await chromium.connectOverCDP(`http://127.0.0.1:${port}`)
    } catch (error) {
      if (Date.now() - started > longest) throw error
    }
  }
}

const browser = await connect()
const page = browser.contexts()[0].pages()[0] ?? (await browser.contexts()[0].waitForEvent('page', { timeout: longest }))
try {
  for (const text of wanted) await page.getByText(new RegExp(text)).first().waitFor({ timeout: longest })
} finally {
  await page.screenshot({ path: picture })
}
console.log(JSON.stringify({ title: await page.title(), text: (await page.locator('body').innerText()).slice(0, 4000) }))
// Closing the connection, not the window.
process.exit(0)
