/** What the scripts print and how they run other programs. */
import { spawn, spawnSync } from 'node:child_process'
import { root } from './electron-resolver.mjs'

const bold = process.stdout.isTTY ? (text) => `\x1b[1m${text}\x1b[0m` : (text) => text

export const heading = (text) => console.log(`\n${bold(`== ${text} ==`)}`)
export const seconds = (since) => `${((Date.now() - since) / 1000).toFixed(1)} s`

/** Runs a program in the repository with our terminal. Resolves to its exit code. */
export function run(command, args, options = {}) {
  return new Promise((done) => {
    const child = spawn(command, args, { cwd: root, stdio: 'inherit', ...options })
    const forward = (signal) => child.kill(signal)
    for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, forward)
    child.on('error', (error) => {
      console.error(`${command} could not be started: ${error.message}`)
      done(127)
    })
    child.on('close', (code) => {
      for (const signal of ['SIGINT', 'SIGTERM']) process.off(signal, forward)
      done(code ?? 1)
    })
  })
}

/** As `runModule`, but says nothing until it has ended. Resolves to the exit code and what it said. */
export function runModuleQuietly(path, args) {
  return new Promise((done) => {
    const child = spawn(process.execPath, [`${root}/node_modules/${path}`, ...args], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text))
    child.on('error', (error) => done({ code: 127, output: String(error) }))
    child.on('close', (code) => done({ code: code ?? 1, output }))
  })
}

/** Runs a JavaScript program of node_modules by its path, without a shell, so that it works the same on every platform. */
export const runModule = (path, args, options) => run(process.execPath, [`${root}/node_modules/${path}`, ...args], options)

export function capture(command, args, options = {}) {
  const result = spawnSync(command, args, { cwd: root, encoding: 'utf8', maxBuffer: 256 * 1024 * 1024, ...options })
  return { code: result.status ?? 1, output: result.stdout ?? '', errors: result.stderr ?? '' }
}
