import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { WindowRuntime } from './window-runtime'

/** One way to start a program that opens windows. */
export interface Way {
  command: string
  args: string[]
}

/**
 * The ways to try, in this order: the display of this session; without a display at all; a display that nobody sees, where its program is
 * installed. Elsewhere than on Linux there always is a display.
 */
export function waysToStart(
  { executable, args }: WindowRuntime,
  more: readonly string[],
  { platform = process.platform, env = process.env }: { platform?: NodeJS.Platform; env?: NodeJS.ProcessEnv } = {}
): Way[] {
  const all = [...args, ...more]
  if (platform !== 'linux') return [{ command: executable, args: all }]
  const virtual = isProgram('xvfb-run', env.PATH)
  return [
    ...(env.DISPLAY || env.WAYLAND_DISPLAY ? [{ command: executable, args: all }] : []),
    { command: executable, args: [...all, '--headless=new'] },
    ...(virtual ? [{ command: 'xvfb-run', args: ['-a', '-s', '-screen 0 1280x1024x24 -nolisten tcp', executable, ...all] }] : [])
  ]
}

function isProgram(name: string, path = ''): boolean {
  return path.split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK)
      return folder !== ''
    } catch {
      return false
    }
  })
}
