/** What a desktop and a shell look for: desktop file, file types, icons, completion. The same tree as below /usr/share. */
import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { root } from '../electron-resolver.mjs'

const desktop = join(root, 'resources', 'desktop')

/** Where the shells look, below a folder of data that is for the whole machine. */
const completions = {
  bash: 'bash-completion/completions/drydock',
  zsh: 'zsh/vendor-completions/_drydock',
  fish: 'fish/vendor_completions.d/drydock.fish'
}

/** @param {{ folder: string, commandLine: string }} to `folder` gets the tree, `commandLine` is the built program that writes the completion */
export function writeShare({ folder, commandLine }) {
  const put = (from, to) => {
    mkdirSync(dirname(join(folder, to)), { recursive: true })
    copyFileSync(join(desktop, from), join(folder, to))
  }
  put('drydock.desktop', 'applications/drydock.desktop')
  put('drydock.xml', 'mime/packages/drydock.xml')
  put('drydock.svg', 'icons/hicolor/scalable/apps/drydock.svg')
  for (const size of iconSizes()) put(`drydock-${size}.png`, `icons/hicolor/${size}x${size}/apps/drydock.png`)
  for (const [shell, path] of Object.entries(completions)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), completionFor(shell, commandLine))
  }
}

export const iconSizes = () =>
  readdirSync(desktop)
    .map((name) => Number(/^drydock-(\d+)\.png$/.exec(name)?.[1]))
    .filter(Boolean)
    .sort((a, b) => a - b)

function completionFor(shell, commandLine) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [commandLine, 'completion', shell], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`The completion for ${shell} could not be written: ${stderr}`)
  return stdout
}
