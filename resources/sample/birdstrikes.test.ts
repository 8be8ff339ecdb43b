import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const sha256 = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex')
const shipped = join('resources', 'sample', 'birdstrikes.csv')
const stated = readFileSync(join('resources', 'sample', 'birdstrikes.md'), 'utf8')

describe('the data of the sample', () => {
  it('is the file that its document describes, byte for byte', () => {
    expect(/SHA-256 \| `([0-9a-f]{64})`/.exec(stated)?.[1]).toBe(sha256(shipped))
    expect(stated).toContain(`${readFileSync(shipped).length.toLocaleString('en')} bytes`)
  })

  it('is the file of the package it was taken from', () => {
    expect(sha256(shipped)).toBe(sha256(join('node_modules', 'vega-datasets', 'data', 'birdstrikes.csv')))
  })
})
