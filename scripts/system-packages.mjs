/** Which Debian packages are missing, and how they come. On other systems nothing is asked for. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createInterface } from 'node:readline/promises'

/** One entry for each need; later names are what newer releases call the same package. */
const needs = {
  window: [['libgtk-3-0', 'libgtk-3-0t64'], ['libnss3'], ['libasound2', 'libasound2t64'], ['libgbm1'], ['fonts-dejavu-core']],
  test: [['xvfb'], ['xauth'], ['strace'], ['openssl'], ['procps']],
  package: [['mmdebstrap'], ['bubblewrap'], ['util-linux'], ['fakeroot'], ['dpkg']]
}
const database = '/var/lib/dpkg/info'
const architectures = { x64: 'amd64', arm64: 'arm64' }

const isInstalled = (name) =>
  existsSync(`${database}/${name}.list`) || existsSync(`${database}/${name}:${architectures[process.arch] ?? process.arch}.list`)

/** @param {('window' | 'test' | 'package')[]} purposes @returns {string[][]} */
export function missingPackages(purposes) {
  if (process.platform !== 'linux' || !existsSync(database)) return []
  return purposes.flatMap((purpose) => needs[purpose]).filter((names) => !names.some(isInstalled))
}

/**
 * Installs what is missing when this user may; otherwise throws with the one command that does it.
 * @param {{ ask: boolean }} options `ask`: only after a yes, which DRYDOCK_SETUP=yes and CI give beforehand
 */
export async function installPackages(purposes, { ask }) {
  const missing = missingPackages(purposes)
  if (missing.length === 0) return
  const command = `apt-get update && apt-get install -y --no-install-recommends ${missing.map(([first]) => first).join(' ')}`
  if (process.getuid() !== 0)
    throw new Error(
      `Debian packages are missing that the window or its tests need. Run this once, then try again:\n\n  sudo sh -c '${command}'\n`
    )
  if (ask && !(await agrees(missing, command))) throw new Error(`Nothing was installed. The window needs these packages: ${command}`)
  console.log(`Installing Debian packages: ${missing.map(([first]) => first).join(' ')}`)
  apt(['update'])
  apt(['install', '-y', '--no-install-recommends', ...missing.map(nameHere)])
  const still = missingPackages(purposes)
  if (still.length > 0)
    throw new Error(`These Debian packages could not be installed: ${still.map(([first]) => first).join(', ')}. Run: ${command}`)
}

/** Asks on the terminal. Where there is none, nobody can have agreed. */
async function agrees(missing, command) {
  if (process.env.DRYDOCK_SETUP === 'yes' || process.env.CI) return true
  if (!process.stdin.isTTY)
    throw new Error(
      `The window needs Debian packages that are missing here (${missing.map(([first]) => first).join(', ')}), and there is no terminal to ask on. Run this, or set DRYDOCK_SETUP=yes:\n\n  ${command}\n`
    )
  const asking = createInterface({ input: process.stdin, output: process.stderr })
  const answer = await asking.question(
    `The window needs ${missing.map(([first]) => first).join(', ')}. Install them with apt-get now? [y/N] `
  )
  asking.close()
  return /^y(es)?$/i.test(answer.trim())
}

const nameHere = (names) => names.find((name) => spawnSync('apt-cache', ['show', name], { stdio: 'ignore' }).status === 0) ?? names[0]

function apt(args) {
  const { status } = spawnSync('apt-get', ['-qq', ...args], {
    stdio: ['ignore', 2, 2],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  })
  if (status !== 0) throw new Error(`apt-get ${args[0]} failed. Is the network there, and no other apt running?`)
}
