import { mkdirSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { basename, join, relative } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { temporaryFolder } from '../../../fixtures/pipeline-workspace'
import { areUnchanged, argumentFiles } from './argument-files'

let outside: ReturnType<typeof temporaryFolder>
let workspace: string
let file: string
beforeAll(() => {
  outside = temporaryFolder()
  workspace = join(outside.path, 'workspace')
  mkdirSync(workspace)
  file = join(outside.path, 'rows.csv')
  writeFileSync(join(outside.path, 'odd, =@: name.csv'), 'odd')
  writeFileSync(join(outside.path, 'with blank.csv'), 'blank')
})
afterAll(() => outside.remove())

const named = async (argument: string): Promise<string[]> =>
  Object.keys(await argumentFiles(['tool', argument], workspace)).map((path) => relative(outside.path, path))

describe('a file outside that an argument names counts, however the argument is written', () => {
  it.each<[string, (path: string) => string]>([
    ['alone', (path) => path],
    ['behind an at sign', (path) => `@${path}`],
    ['behind an option and an at sign', (path) => `-d@${path}`],
    ['as a URL', (path) => `file://${path}`],
    ['behind an equals sign', (path) => `--opt=${path}`],
    ['behind several', (path) => `--set=key=${path}`],
    ['first of a list', (path) => `${path},/nowhere`],
    ['last of a list', (path) => `/nowhere;x;${path}`],
    ['in a list of folders', (path) => `/nowhere:${path}`],
    ['with what a name stands for', (path) => `rows:${path}`],
    ['right behind a short option', (path) => `-I${path}`],
    ['behind an option of a linker', (path) => `-Wl,-rpath,${path}`],
    ['with a place in it', (path) => `${path}:12`],
    ['among very many', (path) => `${'x,'.repeat(40)}${path}`],
    ['relative', (path) => relative(join(workspace, 'tmp', 'attempt', 'work'), path)],
    ['relative behind an option', (path) => `-L${relative(join(workspace, 'tmp', 'attempt', 'work'), path)}`],
    ['relative behind an at sign', (path) => `@${relative(join(workspace, 'tmp', 'attempt', 'work'), path)}`],
    ['below the home', (path) => `~/${relative(homedir(), path)}`],
    ['below the home by its variable', (path) => `--in=$HOME/${relative(homedir(), path)}`]
  ])('%s', async (_how, write) => {
    writeFileSync(file, 'one')
    const before = await argumentFiles(['tool', write(file)], workspace)
    expect(Object.keys(before)).toEqual([file])
    writeFileSync(file, 'another')
    expect(await areUnchanged(before)).toBe(false)
    expect(await argumentFiles(['tool', write(file)], workspace)).not.toEqual(before)
  })

  it('also where separators are part of its name, and where a URL writes a blank', async () => {
    expect(await named(`--in=${join(outside.path, 'odd, =@: name.csv')}`)).toContain('odd, =@: name.csv')
    expect(await named(`file://${outside.path}/with%20blank.csv`)).toEqual(['with blank.csv'])
  })

  it('and nothing else does', async () => {
    for (const argument of ['a:/', '1/2', 'https://example.org/x', '-x', '', '@', `file://${basename(file)}`, 'rows.csv'])
      expect([argument, await named(argument)]).toEqual([argument, []])
  })
})
