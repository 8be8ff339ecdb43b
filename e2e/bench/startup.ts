/**
 * Time from the start of the process to the first painted screen: Drydock against an empty Electron window, by turns in
 * the same run. Fails when the median ratio is above the bound.
 */
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const rounds = Number(process.argv[2] ?? 7)
const bound = 2.0
const executable = process.env.ELECTRON_EXEC_PATH
if (!executable) throw new Error('Run this by `npm run bench -- startup`.')

const directory = mkdtempSync(join(tmpdir(), 'drydock-startup-'))
const switches = [...(process.env.NO_SANDBOX === '1' ? ['--no-sandbox'] : []), '--disable-gpu']

/** The smallest app that shows a page: what any Electron program pays. */
function writeEmptyApp(): string {
  const folder = join(directory, 'empty')
  mkdirSync(folder)
  writeFileSync(join(folder, 'package.json'), '{"name":"empty-window","version":"1.0.0","main":"main.js"}')
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>Empty</title><div id="root">An empty window</div>')
  writeFileSync(
    join(folder, 'main.js'),
    `const { app, BrowserWindow } = require('electron')
app.whenReady().then(() => {
  const window = new BrowserWindow({ show: false, width: 1440, height: 900, webPreferences: { sandbox: true, contextIsolation: true } })
  window.once('ready-to-show', () => window.show())
  window.loadFile('index.html')
})`
  )
  return folder
}

/** Milliseconds from the start of the process until its page has content on the screen. */
function measure(app: string, name: string, round: number): Promise<number> {
  return new Promise((done, failed) => {
    const args = [
      '-r',
      join(process.cwd(), 'e2e', 'bench', 'report-paint.cjs'),
      app,
      `--user-data-dir=${join(directory, `${name}-${round}`)}`
    ]
    const started = performance.now()
    const electron = spawn(executable!, [...args, ...switches], { stdio: ['ignore', 'pipe', 'ignore'] })
    let milliseconds = Number.NaN
    const timer = setTimeout(() => electron.kill('SIGKILL'), 60_000)
    electron.stdout.on('data', (text: Buffer) => {
      if (!Number.isNaN(milliseconds) || !text.toString().includes('painted')) return
      milliseconds = performance.now() - started
      electron.kill('SIGTERM')
    })
    electron.on('exit', () => {
      clearTimeout(timer)
      if (Number.isNaN(milliseconds)) failed(new Error(`${name} painted nothing within a minute`))
      else done(milliseconds)
    })
  })
}

const median = (values: number[]): number => {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

async function main(): Promise<void> {
  const empty = writeEmptyApp()
  const times = { empty: [] as number[], drydock: [] as number[] }
  // The first start of each reads files from the disk; it is not counted.
  await measure(empty, 'empty', -1)
  await measure(process.cwd(), 'drydock', -1)
  for (let round = 0; round < rounds; round++) {
    times.empty.push(await measure(empty, 'empty', round))
    times.drydock.push(await measure(process.cwd(), 'drydock', round))
    console.log(`round ${round + 1}: empty ${times.empty[round].toFixed(0)} ms, Drydock ${times.drydock[round].toFixed(0)} ms`)
  }
  // Each pair ran back to back, so what else the machine did weighs on both; single medians would mix quiet and busy moments.
  const ratio = median(times.drydock.map((time, round) => time / times.empty[round]))
  console.log(`medians of ${rounds}: empty ${median(times.empty).toFixed(0)} ms, Drydock ${median(times.drydock).toFixed(0)} ms`)
  console.log(`median ratio of the pairs: ${ratio.toFixed(2)} (bound ${bound.toFixed(1)})`)
  if (!(ratio <= bound)) process.exitCode = 1
}

main().finally(() => rmSync(directory, { recursive: true, force: true, maxRetries: 5 }))
