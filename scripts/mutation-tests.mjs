/**
 * Runs test files again and again in one process, where everything but the changed source stays read: a child of mutation.mjs, which ends
 * it when a change makes the tests go on for ever. Gets `{ changed, tests }`, answers whether all of the tests passed.
 */
import { resolve } from 'node:path'
import { createVitest } from 'vitest/node'

const silent = { onInit() {} }
const vitest = await createVitest('test', { config: 'scripts/vitest.config.ts', watch: false, bail: 1, reporters: [silent] })
await vitest.standalone()

async function passes({ changed, tests }) {
  for (const file of changed) vitest.invalidateFile(resolve(file))
  const wanted = new Set(tests.map((test) => resolve(test)))
  const found = (await vitest.globTestSpecifications(tests)).filter(({ moduleId }) => wanted.has(moduleId))
  const { testModules, unhandledErrors } = await vitest.runTestSpecifications(found)
  vitest.state.clearErrors()
  // It keeps what earlier orders ran.
  const run = testModules.filter(({ moduleId }) => wanted.has(moduleId))
  return unhandledErrors.length === 0 && run.length === tests.length && run.every((module) => module.ok())
}

process.on('message', (order) =>
  passes(order).then(
    (passed) => process.send({ passed }),
    (error) => process.send({ passed: false, error: String(error) })
  )
)
process.on('disconnect', () => process.exit())
process.send({ ready: true })
