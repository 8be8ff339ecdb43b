#!/usr/bin/env node
/** `npm run bench -- NAME [ARGS]`: runs e2e/bench/NAME against the built app. Without a name, lists what there is. */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { build } from './build.mjs'
import { root, runtimeEnvironment, withDisplay } from './electron-resolver.mjs'
import { runScript, setUp } from './setup.mjs'
import { run } from './terminal.mjs'

const folder = join(root, 'e2e', 'bench')

await runScript(async () => {
  const [name, ...rest] = process.argv.slice(2)
  const file = name && ['mjs', 'ts'].map((extension) => join(folder, `${name}.${extension}`)).find((path) => existsSync(path))
  if (!file) {
    const names = readdirSync(folder)
      .filter((each) => /^[a-z0-9-]+\.(mjs|ts)$/.test(each))
      .map((each) => each.replace(/\.\w+$/, ''))
    throw new Error(`${name ? `There is no benchmark "${name}".` : 'Name a benchmark.'} There are: ${names.join(', ')}`)
  }
  const runtime = await setUp(['window', 'test'])
  await build()
  const [command, args] = withDisplay(process.execPath, ['--import', 'tsx', file, ...rest])
  return run(command, args, { env: runtimeEnvironment(runtime) })
})
