import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, launchApp, test } from '../fixtures/app'
import { goTo, runCli } from '../pages/workbench'

/** A pipeline whose one step says that it works, and ends when a file of this name is in the workspace. */
function slowPipeline(directory: string, workspace: string): { file: string; begun: () => boolean; letEnd: () => void } {
  const [file, begun, go] = [join(directory, 'tides.yaml'), join(directory, 'begun'), join(workspace, 'go')]
  const code = `console.log('gauge ' + 'reading'); if (!fs.existsSync(${JSON.stringify(begun)})) try { fs.writeFileSync(${JSON.stringify(begun)}, '') } catch {}; setInterval(() => { if (!fs.existsSync(${JSON.stringify(go)})) return; fs.writeFileSync(process.env.DRYDOCK_OUTPUT_RESULT, '1'); process.exit() }, 50)`
  const step = { id: 'gauge', type: 'script', parameters: { command: [process.execPath, '-e', code], outputs: { result: 'File' } } }
  writeFileSync(file, JSON.stringify({ schema: 'drydock.pipeline', version: 1, name: 'tides', title: 'Tides', steps: [step] }))
  return { file, begun: () => existsSync(begun), letEnd: () => writeFileSync(go, '') }
}

test('the window works in a workspace that a command has open, and opens it itself when that ends', async ({ directory }) => {
  const workspace = join(directory, 'workspace')
  const user = join(directory, 'user-data')
  runCli(['init', workspace, '--name', 'Harbour'], user)
  const pipeline = slowPipeline(directory, workspace)
  const cli: ChildProcess = spawn(process.execPath, [join('out', 'main', 'cli.js'), 'run', '-w', workspace, pipeline.file], {
    env: { ...process.env, DRYDOCK_USER_DIR: user },
    stdio: ['ignore', 'pipe', 'pipe']
  })
  let said = ''
  for (const stream of [cli.stdout!, cli.stderr!]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()))
  const ended = once(cli, 'exit')
  await expect.poll(() => said, { timeout: 60_000 }).toContain('gauge: running')
  const app = await launchApp(directory, { args: [`--workspace=${workspace}`] })
  try {
    const page = await app.firstWindow()
    const badge = page.getByText(`Through process ${cli.pid}`)
    await expect(badge).toBeVisible({ timeout: 60_000 })
    await goTo(page, 'Pipelines')
    await page.getByRole('tab', { name: /Runs/ }).or(page.getByText('Tides')).first().click()
    await expect(page.getByText(/running/i).first()).toBeVisible()
    pipeline.letEnd()
    expect(await ended).toEqual([0, null])
    await expect(badge).toBeHidden({ timeout: 30_000 })
    await expect(page.getByText('Harbour', { exact: true }).first()).toBeVisible()
    await expect(page.getByText(/succeeded/i).first()).toBeVisible({ timeout: 30_000 })
    expect(said).toContain('Tides: succeeded')
    // The window has it now: a command comes in through the window, and changes what it shows.
    runCli(['person', 'add', 'Ada Marsh', '-w', workspace], user)
    await expect(page.getByRole('button', { name: 'Ada Marsh' })).toBeVisible()
  } finally {
    await app.close().catch(() => undefined)
    cli.kill()
  }
})
