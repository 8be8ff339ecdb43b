import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { judgeShippedFiles } from './shipped-files.mjs'

const folders: string[] = []
afterEach(() => folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true })))

const needed = ['resources/sample/birdstrikes.csv', 'resources/guide/index.md', 'resources/schemas/pipeline.schema.json']

function program(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'shipped-'))
  folders.push(folder)
  for (const [name, text] of Object.entries({ ...Object.fromEntries(needed.map((path) => [path, `of ${path}`])), ...files })) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  return folder
}

describe('what ships', () => {
  it('may hold programs, styles and fonts in WOFF2', () => {
    expect(judgeShippedFiles(program({ 'main/index.js': 'start()', 'renderer/a.css': 'p{}', 'renderer/a.woff2': 'font' }))).toEqual([])
  })

  it('holds no source map, no mention of one, no other font, nothing twice, and what the program looks for', () => {
    const folder = program({
      'main/index.js': 'start()\n//# sourceMappingURL=index.js.map\n',
      'main/index.js.map': '{}',
      'renderer/a.woff': 'font',
      'renderer/b.woff2': 'font 2',
      'renderer/c.woff2': 'font 2'
    })
    for (const path of needed) rmSync(join(folder, path))
    expect(judgeShippedFiles(folder).map((fault) => fault.replaceAll('\\', '/'))).toEqual([
      ...needed.map((path) => `${path} is missing`),
      'main/index.js names a source map',
      'main/index.js.map is a source map',
      'renderer/a.woff is a font, but not WOFF2',
      'renderer/c.woff2 is renderer/b.woff2 again'
    ])
  })

  it.skipIf(!existsSync(join('out', '.built')))('is all that the last build made', () => {
    expect(judgeShippedFiles('out')).toEqual([])
  })
})
