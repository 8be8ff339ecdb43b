#!/usr/bin/env node
/**
 * `npm start`: opens the app on the sample workspace. Without a display it says so and does the same job headless.
 * DRYDOCK_SAMPLE_DIR names another folder for the sample; arguments after `--` go to the app.
 */
import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { build } from './build.mjs'
import { hasDisplay, root, runtimeEnvironment, sandboxArguments } from './electron-resolver.mjs'
import { runScript, setUp } from './setup.mjs'
import { run } from './terminal.mjs'

function sampleDirectory() {
  if (process.env.DRYDOCK_SAMPLE_DIR) return process.env.DRYDOCK_SAMPLE_DIR
  const documents = join(homedir(), 'Documents')
  return join(existsSync(documents) ? documents : homedir(), 'Drydock sample')
}

await runScript(async () => {
  const directory = sampleDirectory()
  if (!hasDisplay()) {
    await build()
    // A sample that is there is gone on with: what is finished comes from its cache, and no second copy is made.
    console.log(`There is no display, so no window can open. Running the same job without one, in ${directory}\n`)
    return run(process.execPath, [join(root, 'out/main/cli.js'), 'sample', directory])
  }
  const runtime = await setUp(['window'], { ask: true })
  await build()
  const given = process.argv.slice(2)
  const asksForWorkspace = given.some((argument) => argument.startsWith('--workspace='))
  const workspace = asksForWorkspace ? [] : [`--sample=${directory}`]
  return run(runtime.executable, [root, ...workspace, ...given, ...sandboxArguments(runtime.directory)], {
    env: runtimeEnvironment(runtime)
  })
})
