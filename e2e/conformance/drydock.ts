import { spawnSync } from 'node:child_process'
import { appendFileSync, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { openBundle } from '../../main/core/bundle-format'

export interface Told {
  code: number
  json: Record<string, never>
  words: string
}

/** The command line as a person would use it, with keys of its own below `folder`. `must` throws where it does not end well. */
export function commandLine(folder: string): { run(...args: string[]): Told; must(...args: string[]): Told } {
  const run = (...args: string[]): Told => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [join('out', 'main', 'cli.js'), ...args, '--json'], {
      encoding: 'utf8',
      env: { ...process.env, DRYDOCK_USER_DIR: join(folder, 'user'), DRYDOCK_PASSPHRASE: 'tide tables of the inner harbour' }
    })
    return { code: status ?? -1, json: JSON.parse(stdout || '{}') as Record<string, never>, words: stdout + stderr }
  }
  const must = (...args: string[]): Told => {
    const done = run(...args)
    if (done.code !== 0) throw new Error(`drydock ${args.join(' ')} ended with ${done.code}: ${done.words}`)
    return done
  }
  return { run, must }
}

/** Writes every file of a bundle below a folder. */
export async function unpack(bundle: string, folder: string): Promise<void> {
  const packed = await openBundle(bundle)
  for (const { name: path } of packed.list()) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    for await (const chunk of packed.chunks(path)) appendFileSync(join(folder, path), chunk)
  }
  await packed.close()
}
