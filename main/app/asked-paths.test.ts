import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { askedPath } from './asked-paths'

describe('what the window was given to open', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'asked-'))
    mkdirSync(join(folder, 'lab'))
    writeFileSync(join(folder, 'a b.drydock'), '')
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  it('is the first path, relative to where the program was started, in a package', () => {
    const switches = ['--no-sandbox', '--user-data-dir=/u']
    expect(askedPath([...switches, 'a b.drydock', 'lab'], folder, undefined)).toEqual({ kind: 'file', path: join(folder, 'a b.drydock') })
    expect(askedPath(['lab'], folder, undefined)).toEqual({ kind: 'folder', path: join(folder, 'lab') })
    expect(askedPath([join(folder, 'lab')], '/', undefined)).toEqual({ kind: 'folder', path: join(folder, 'lab') })
  })

  it('is a file also when it is not there, so that the window says so', () => {
    expect(askedPath(['gone.drydock'], folder, undefined)).toEqual({ kind: 'file', path: join(folder, 'gone.drydock') })
  })

  it('stands behind the folder of the app in a checkout, whatever the starter put before it', () => {
    const app = join(folder, 'app')
    const argv = ['-r', '/hold.cjs', './app', '--user-data-dir=/u', 'lab']
    expect(askedPath(argv, folder, app)).toEqual({ kind: 'folder', path: join(folder, 'lab') })
    expect(askedPath(argv.slice(0, -1), folder, app)).toBeUndefined()
    expect(askedPath(['lab'], folder, app)).toBeUndefined()
  })

  it('is nothing where only switches were given', () => {
    expect(askedPath(['--sample=/x', ''], folder, undefined)).toBeUndefined()
    expect(askedPath([], folder, undefined)).toBeUndefined()
  })
})
