import { isAbsolute, resolve } from 'node:path'

export interface AppArguments {
  /** Absolute workspace folder to open. */
  workspace?: string
  /** `workspace` is to be the sample, created when it is not there yet. */
  sample: boolean
  userDataDirectory?: string
}

/**
 * Reads `--workspace=DIR`, `--sample=DIR` and `--user-data-dir=DIR`. Everything else is left to Chromium.
 * @param directory what relative folders are relative to
 */
export function parseArguments(argv: readonly string[], directory: string): AppArguments {
  const value = (name: string): string | undefined => {
    const text = argv.find((each) => each.startsWith(`--${name}=`))?.slice(name.length + 3)
    if (!text) return undefined
    return isAbsolute(text) ? text : resolve(directory, text)
  }
  const sample = value('sample')
  return { workspace: sample ?? value('workspace'), sample: sample !== undefined, userDataDirectory: value('user-data-dir') }
}
