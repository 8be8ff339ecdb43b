import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, inject, it } from 'vitest'
import { setWorkerDirectory, startWorker } from './worker-process'

const folder = mkdtempSync(join(tmpdir(), 'worker-'))
afterEach(() => {
  // As the programs of the tests have it.
  setWorkerDirectory(inject('programs'))
  rmSync(folder, { recursive: true })
})

it.skipIf(process.platform === 'win32')('runs workers on the Node of the package, which is not told to be one', async () => {
  // A Node by another name, which marks what it runs.
  const node = join(folder, 'node')
  writeFileSync(node, `#!/bin/sh\nOWN_NODE=yes exec '${process.execPath}' "$@"\n`)
  chmodSync(node, 0o755)
  writeFileSync(
    join(folder, 'step-worker.js'),
    `const { OWN_NODE, ELECTRON_RUN_AS_NODE, DRYDOCK_PASSPHRASE } = process.env
     process.send({ OWN_NODE, ELECTRON_RUN_AS_NODE, DRYDOCK_PASSPHRASE, args: process.argv.slice(2), limit: process.execArgv })`
  )
  const said = (more: { node?: string }) => {
    setWorkerDirectory(folder, more.node)
    const worker = startWorker('step-worker', { args: ['a b'], env: { DRYDOCK_PASSPHRASE: 'secret' }, heapMiB: 64, stdio: 'ignore' })
    return new Promise((done, failed) => worker.on('error', failed).on('message', done))
  }
  const common = { args: ['a b'], limit: ['--max-old-space-size=64'] }
  expect(await said({ node })).toEqual({ OWN_NODE: 'yes', ...common })
  expect(await said({})).toEqual({ ELECTRON_RUN_AS_NODE: '1', ...common })
})
