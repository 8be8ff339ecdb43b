import { spawnSync } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { programFile } from '../../../testing/programs'
import { stepRegistry } from '.'
import { stepWork } from './work'

it('has work for each step type, unless it only names what is there, and for no other', async () => {
  const working = [...stepRegistry.values()].filter((step) => !step.inline).map((step) => step.type)
  expect(Object.keys(stepWork).sort()).toEqual(working.sort())
  for (const load of Object.values(stepWork)) expect(await load()).toMatchObject({ run: expect.any(Function) })
})

it('takes nothing but types of the definitions, which belong to the host', () => {
  for (const type of Object.keys(stepWork))
    expect(readFileSync(join(__dirname, type, 'run.ts'), 'utf8'), type).not.toMatch(/^import (?!type ).*'\.\/definition'/m)
})

/** The files that a program has read when it ends by itself, as a worker does that has no parent to wait for. */
function filesRead(program: string): string[] {
  const script = `process.on('exit', () => console.log(JSON.stringify(Object.keys(require.cache)))); require(${JSON.stringify(program)})`
  const { stdout, stderr } = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' })
  expect(stderr).toBe('')
  return JSON.parse(stdout) as string[]
}

it('starts a step process without the schemas and engines of the steps', () => {
  const files = filesRead(programFile('step-worker'))
  expect(files.filter((file) => file.endsWith('.node') || file.includes('node_modules/@'))).toEqual([])
  expect(files.reduce((size, file) => size + statSync(file).size, 0)).toBeLessThan(100_000)
})
