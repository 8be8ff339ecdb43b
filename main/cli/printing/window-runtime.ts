import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** A program that opens windows, with what it must be started with to be this one. */
export interface WindowRuntime {
  executable: string
  args: string[]
}

/** What a checkout knows of the Electron in it. */
interface Resolver {
  presentElectron(): { executable: string; directory: string } | undefined
  sandboxArguments(directory: string): string[]
}

/** Where the program for windows lies in the folder of an installation, by platform. */
const installed = ['drydock-app', 'drydock-app.exe', 'MacOS/drydock-app', '../MacOS/drydock-app', 'Contents/MacOS/drydock-app']

/** The window runtime beside this command line: that of the installation, or one that is in the checkout already; undefined without any. */
export function findWindowRuntime(env: NodeJS.ProcessEnv = process.env, start = __dirname): WindowRuntime | undefined {
  const folder = env.DRYDOCK_PROGRAM_DIR
  if (folder) {
    const executable = installed.map((path) => join(folder, path)).find((path) => existsSync(path))
    // Chromium's own sandbox cannot be had by root.
    return executable === undefined ? undefined : { executable, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] }
  }
  const root = checkoutAbove(start)
  if (root === undefined) return undefined
  // The build turns every import into a require, which takes a path, not an address, so it is one here at once.
  const { presentElectron, sandboxArguments } = createRequire(join(root, 'package.json'))('./scripts/electron-resolver.mjs') as Resolver
  const found = presentElectron()
  return found && { executable: found.executable, args: [root, ...sandboxArguments(found.directory)] }
}

/** The checkout whose built program this is. */
function checkoutAbove(start: string): string | undefined {
  for (let folder = start; ; folder = dirname(folder)) {
    const isBuilt = ['scripts/electron-resolver.mjs', 'out/main/index.js'].every((path) => existsSync(join(folder, path)))
    if (isBuilt) return folder
    if (dirname(folder) === folder) return undefined
  }
}
