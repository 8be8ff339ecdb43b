import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

/** How the words of zod for what does not fit get out of it. */
const ways = /\.issues\b|\b(?:prettify|treeify|flatten|format)Error\b|\bZodError\b|\berror\.message\b.*\bz\./

/** Tells the places alone, for it knows no words. */
const placesOnly = 'preload/wire/server.ts'

const sources = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', 'main', 'preload', 'renderer'], {
  encoding: 'utf8'
})
  .split('\n')
  .filter(
    (path) => /\.tsx?$/.test(path) && !/\.test\.tsx?$/.test(path) && !path.startsWith('main/model/schema-words/') && path !== placesOnly
  )

it('no source tells what zod says: fit() has the words for it', () => {
  expect(sources.length).toBeGreaterThan(500)
  const telling = sources.flatMap((path) =>
    readFileSync(path, 'utf8')
      .split('\n')
      .flatMap((line, index) => (ways.test(line) ? [`${path}:${index + 1} ${line.trim()}`] : []))
  )
  expect(telling).toEqual([])
})
