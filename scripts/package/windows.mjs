/** What lies beside the program in the folder for Windows: an installation and a removal that ask nothing. */
import { copyFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export function writeWindowsInstaller(folder) {
  for (const name of ['install.ps1', 'uninstall.ps1'])
    copyFileSync(join(dirname(fileURLToPath(import.meta.url)), 'windows', name), join(folder, name))
}
