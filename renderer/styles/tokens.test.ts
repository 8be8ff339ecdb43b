import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const filesOf = (folder: string, ending: RegExp): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => ending.test(file) && !/\.test\.tsx?$/.test(file))
    .map((file) => join(folder, file))

it('has every colour that pictures and panels are drawn in: an unknown one is painted black', () => {
  const known = new Set(
    [...readFileSync(join('renderer', 'styles', 'tokens.css'), 'utf8').matchAll(/(--[a-z][\w-]*)\s*:/g)].map(([, name]) => name)
  )
  expect(known.size).toBeGreaterThan(20)
  const used = ['charts', 'evidence', 'tasks']
    .flatMap((folder) => filesOf(join('renderer', folder), /\.tsx?$/))
    .flatMap((file) =>
      // A name that is put together, such as `--data-${place}`, is not looked up.
      [...readFileSync(file, 'utf8').matchAll(/(?<![\w-])--[a-z][a-z0-9-]*(?![\w-]|\$)/g)].map(([name]) => ({ file, name }))
    )
    .filter(({ name }) => !name.endsWith('-'))
  expect(used.length).toBeGreaterThan(50)
  expect(used.filter(({ name }) => !known.has(name))).toEqual([])
})
