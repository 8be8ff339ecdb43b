#!/usr/bin/env node
/** `npm run dev`: the app with hot reload of the page. */
import { runtimeEnvironment, withDisplay } from './electron-resolver.mjs'
import { runScript, setUp } from './setup.mjs'
import { run } from './terminal.mjs'

await runScript(async () => {
  const runtime = await setUp(['window'], { ask: true })
  const [command, args] = withDisplay(process.execPath, [
    'node_modules/electron-vite/bin/electron-vite.js',
    'dev',
    ...process.argv.slice(2)
  ])
  return run(command, args, { env: runtimeEnvironment(runtime) })
})
