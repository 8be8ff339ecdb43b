import type { ElectronApplication } from '@playwright/test'
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { inflateSync } from 'node:zlib'
import { expect, test } from '../fixtures/app'
import { answerDialog } from '../pages/workbench'

const run = promisify(execFile)

/** What a PDF says of itself, read by nothing but its own text. */
function readPdf(path: string) {
  const bytes = readFileSync(path)
  const text = bytes.toString('latin1')
  const utf16 = (hex: string | undefined) => hex && Buffer.from(hex, 'hex').swap16().toString('utf16le').slice(1)
  const objects = new Map([...text.matchAll(/^(\d+) 0 obj\s([\s\S]*?)endobj/gm)].map(([, number, body]) => [number, body]))
  const isEnclosed = (font: string): boolean => {
    // Drawn by the file itself, or made of another font that stands in it too.
    if (/\/Subtype \/Type3/.test(font) && font.includes('/CharProcs')) return true
    if (/\/Subtype \/Type0/.test(font) && font.includes('/DescendantFonts')) return true
    return /\/FontFile[23]? \d+/.test(objects.get(/\/FontDescriptor (\d+) 0 R/.exec(font)?.[1] ?? '') ?? '')
  }
  const fonts = [...objects.values()].filter((body) => /\/Type \/Font\b/.test(body))
  return {
    bytes,
    text,
    isWhole: text.startsWith('%PDF-') && /%%EOF\s*$/.test(text),
    pages: Math.max(...[...text.matchAll(/\/Count (\d+)/g)].map(([, count]) => Number(count))),
    title: utf16(/\/Title <([0-9A-F]+)>/.exec(text.slice(text.lastIndexOf('/Title')))?.[1]),
    subject: utf16(/\/Subject <([0-9A-F]+)>/.exec(text)?.[1]),
    fonts: fonts.length,
    /** Fonts whose letters the file does not have. */
    loose: fonts.filter((font) => !isEnclosed(font))
  }
}

/** Shapes on the pages that somebody would see, one for each text: where nothing was drawn there is none. */
function drawnTexts(text: string): number {
  let drawn = 0
  for (const [, stream] of text.matchAll(/\/Filter \/FlateDecode[\s\S]*?stream\r?\n([\s\S]*?)\r?\nendstream/g))
    try {
      drawn += (
        inflateSync(Buffer.from(stream, 'latin1'))
          .toString('latin1')
          .match(/\bT[Jj]\b/g) ?? []
      ).length
    } catch {
      // A picture or a font.
    }
  return drawn
}

const answerSaveDialog = (app: ElectronApplication, path: string) =>
  app.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath })
  }, path)

// Playwright tries to enter the frame of a document, which may run no script of anybody.
test.use({ expectedProblems: /^console: Blocked script execution in 'about:srcdoc'/ })

test.describe('documents of the window', () => {
  test.describe.configure({ timeout: 300_000 })

  test('a model card and the sheets of a bundle are saved as PDF by clicks', async ({ app, page, directory, sample }) => {
    const folder = sample.copyTo(join(directory, 'sample'))
    await answerDialog(app, folder)
    await page.getByRole('button', { name: 'Open a workspace' }).click()
    await page.getByRole('link', { name: 'Models', exact: true }).click()
    await page.getByRole('grid', { name: 'Registered models' }).getByText('strike-damage', { exact: true }).dblclick()
    await page.getByRole('tab', { name: 'Card' }).click()

    const card = join(directory, 'card.pdf')
    await answerSaveDialog(app, card)
    await page.getByRole('button', { name: 'Save card' }).click()
    await page.getByRole('menuitem', { name: 'Model card as PDF for paper' }).click()
    await expect(page.getByText('The model card was saved')).toBeVisible({ timeout: 120_000 })
    const printed = readPdf(card)
    expect(printed).toMatchObject({ isWhole: true, title: 'Model card: strike-damage, version 1', loose: [] })
    expect(printed.subject).toMatch(/^model:strike-damage@1 · model:sha256:[0-9a-f]{64}$/)
    expect(printed.pages).toBeGreaterThan(4)
    expect(printed.fonts).toBeGreaterThan(2)
    expect(drawnTexts(printed.text)).toBeGreaterThan(500)

    await page.getByRole('link', { name: 'Bundles', exact: true }).click()
    await answerDialog(app, join(folder, 'exports', 'strike-damage-1.drydock'))
    await page.getByRole('button', { name: 'Open a bundle' }).first().click()
    await page.getByRole('button', { name: 'Save for paper' }).click()
    const sheet = join(directory, 'sign-off.pdf')
    await answerSaveDialog(app, sheet)
    await page.getByRole('menuitem', { name: 'Sign-off page as PDF for paper' }).click()
    await expect(page.getByText('The sign-off page was saved')).toBeVisible({ timeout: 120_000 })
    expect(readPdf(sheet)).toMatchObject({ isWhole: true, title: 'Sign-off page: strike-damage, version 1', loose: [] })
    // The window that nobody sees is gone, and the one that everybody sees has seen no problem.
    expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1)
  })
})

test.describe('documents of the command line', () => {
  test.describe.configure({ timeout: 300_000 })
  const drydock = (directory: string, args: string[], env: NodeJS.ProcessEnv = {}) =>
    run(process.execPath, [join('out', 'main', 'cli.js'), ...args], {
      env: { ...process.env, DRYDOCK_USER_DIR: join(directory, 'user'), TMPDIR: directory, ...env }
    })

  test('are the page and a PDF of it, with all letters enclosed, the same bytes for the same page, and nothing left behind', async ({
    directory
  }) => {
    const table = join(directory, 'long.csv')
    const hostile = '"<script>document.title=1</script><img src=x onerror=alert(1)>"'
    writeFileSync(
      table,
      ['id,name,größe', ...Array.from({ length: 500 }, (_, row) => `${row},${row % 7 ? '東京' : hostile},Ä${row % 5}`), ''].join('\n')
    )
    const [html, pdf] = [join(directory, 'q.html'), join(directory, 'q.pdf')]
    const { stdout, stderr } = await drydock(directory, ['profile', table, '--out', html, '--pdf', pdf, '--paper', 'letter'])
    expect(stdout).toContain(`Report: ${pdf}`)
    expect(stderr).toContain('scripts: Han')
    const printed = readPdf(pdf)
    expect(printed).toMatchObject({ isWhole: true, title: 'Quality report: Data quality of long', loose: [] })
    expect(printed.fonts).toBeGreaterThan(2)
    expect(printed.text).toMatch(/\/MediaBox \[0 0 612 792\]/)
    expect(printed.text).not.toMatch(/\/JavaScript|\/JS\b|\/Launch/)
    expect(readdirSync(directory).filter((name) => name.startsWith('drydock-print-'))).toEqual([])

    const again = join(directory, 'job')
    const page = {
      html: readFileSync(html, 'utf8'),
      title: 't',
      reference: 'r',
      sha256: createHash('sha256').update(readFileSync(html)).digest('hex')
    }
    const prints = []
    for (const name of ['one', 'two']) {
      const job = { page: { ...page, at: '2026-01-02T03:04:05.000Z' }, pdf: `${again}-${name}.pdf`, result: `${again}-${name}.json` }
      writeFileSync(`${again}-${name}`, JSON.stringify(job))
      const sandbox = process.env.NO_SANDBOX === '1' ? ['--no-sandbox'] : []
      await run(process.env.ELECTRON_EXEC_PATH!, [
        '.',
        `--print-document=${again}-${name}`,
        `--user-data-dir=${again}-user-${name}`,
        ...sandbox
      ])
      prints.push(readPdf(job.pdf))
    }
    expect(prints[0]!.bytes.equals(prints[1]!.bytes)).toBe(true)
  })

  test('say so in one sentence where nothing can open a window, and leave nothing half written', async ({ directory }) => {
    const table = join(directory, 'a.csv')
    writeFileSync(table, 'a\n1\n2\n')
    const pdf = join(directory, 'a.pdf')
    const none = { DRYDOCK_PROGRAM_DIR: directory }
    const failed = await drydock(directory, ['profile', table, '--pdf', pdf, '--json'], none).catch(
      (error: { code: number; stdout: string }) => error
    )
    expect(failed).toMatchObject({ code: 3 })
    expect(JSON.parse(failed.stdout)).toMatchObject({
      error: { code: 'CONFLICT', message: expect.stringContaining('no window runtime here') }
    })
    expect(existsSync(pdf)).toBe(false)
  })
})
