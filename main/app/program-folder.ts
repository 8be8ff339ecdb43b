import { app } from 'electron'
import { dirname, join } from 'node:path'

/** Where an installed program has what lies outside of its archive; decision 0027. */
export interface PackagedProgram {
  /** Absolute; holds `resources/`. */
  directory: string
  /** The command line that was installed with it. */
  command: string
  /** Programs of the workers, readable for a Node that knows no archives. */
  workers: string
  /** The Node that they run on: Electron itself cannot be run as one. */
  node: string
}

/** Undefined in a checkout, where the workers run on Electron as Node. */
export function packagedProgram(): PackagedProgram | undefined {
  if (!app.isPackaged) return undefined
  const resources = process.resourcesPath
  const directory = dirname(resources)
  const bin = process.platform === 'darwin' ? resources : directory
  return {
    directory,
    command: join(bin, 'bin', process.platform === 'win32' ? 'drydock.cmd' : 'drydock'),
    workers: join(resources, 'app.asar.unpacked', 'out', 'main'),
    node: join(resources, 'node', ...(process.platform === 'win32' ? ['node.exe'] : ['bin', 'node']))
  }
}

/** Tells this process and those that it starts where the program lies, as the launchers of the command line do. */
export function announceProgram(program: PackagedProgram | undefined): void {
  if (!program) return
  process.env.DRYDOCK_PROGRAM_DIR = program.directory
  process.env.DRYDOCK_COMMAND = program.command
}
