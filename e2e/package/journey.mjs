/** An installation's life in a clean Debian 12: installed, used, updated by file, gone back, updated by the administrator, removed. */
import { spawn } from 'node:child_process'
import { cpSync, linkSync, mkdirSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { createChecks } from './checks.mjs'
import { startCleanMachine } from './clean-machine.mjs'
import { fetchDependencies, makeCleanRoot, must } from './clean-root.mjs'
import { checkInstallation, checkRemoval } from './installation.mjs'
import { checkPortable } from './portable.mjs'
import { checkUpdates } from './updates.mjs'
import { checkUse } from './use.mjs'

const here = dirname(fileURLToPath(import.meta.url))

/** A display outside of the clean machine: there an X server is a file to talk to, as on a desktop. */
async function startDisplay() {
  mkdirSync('/tmp/.X11-unix', { recursive: true, mode: 0o1777 })
  const args = ['-displayfd', '3', '-screen', '0', '1366x768x24', '-nolisten', 'tcp', '-ac']
  const server = spawn('Xvfb', args, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] })
  const [number] = await once(server.stdio[3], 'data')
  return { name: `:${String(number).trim()}`, stop: () => server.kill() }
}

/** What an administrator carries in: the package with the packages it needs, and the updates. */
function packStick({ root, releases, folder }) {
  const [packages, updates] = [join(folder, 'packages'), join(folder, 'updates')]
  for (const each of [packages, updates]) mkdirSync(each, { recursive: true })
  const needed = fetchDependencies(root, [releases.older.debian], packages)
  cpSync(releases.older.debian, join(packages, basename(releases.older.debian)))
  for (const file of [
    releases.older.update,
    releases.newer.update,
    releases.tampered,
    releases.stranger,
    releases.older.archive,
    releases.publicKey
  ])
    linkSync(file, join(updates, basename(file)))
  console.log(`  The stick holds ${needed.length} packages of Debian beside ours.`)
  return folder
}

/** @returns {Promise<{ counts: { passed: number, failed: number }, faults: string[] }>} */
export async function runJourney({ releases, scratch, pictures, cache }) {
  const root = makeCleanRoot(join(scratch, 'root'), cache)
  // Only so that the test does not wait for the disk at each of a hundred packages.
  must('sh', ['-c', `echo force-unsafe-io > ${join(root, 'etc/dpkg/dpkg.cfg.d/unsafe')}`])
  const stick = packStick({ root, releases, folder: join(scratch, 'stick') })
  const display = await startDisplay()
  const machine = await startCleanMachine(root, [{ from: stick, to: '/media/stick' }])
  const checks = createChecks()
  const session = { DISPLAY: display.name, XDG_RUNTIME_DIR: '/run/user/analyst' }
  const test = {
    ...checks,
    machine,
    releases,
    /** A command line of the analyst. */
    analyst: (line, options = {}) => machine.run('analyst', line, { ...options, env: { ...session, ...options.env } }),
    startWindow: (line) => machine.start('analyst', line, { env: session }),
    /** Waits for texts in the window at that port and takes a picture; gives what is wrong. */
    look(port, name, ...texts) {
      const args = [
        '--experimental-websocket',
        '--no-warnings',
        join(here, 'window.mjs'),
        String(port),
        join(pictures, `${name}.png`),
        ...texts
      ]
      const { missing, text } = JSON.parse(machine.beside(process.execPath, args))
      return missing && `${missing} The window says:\n${text}`
    }
  }
  try {
    if (await checkInstallation(test)) {
      await checkUse(test)
      await checkUpdates(test)
      await checkPortable(test)
      await checkRemoval(test)
    }
    return checks
  } finally {
    machine.stop()
    display.stop()
  }
}
