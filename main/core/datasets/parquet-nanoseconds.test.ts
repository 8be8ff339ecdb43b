import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { uncoverNanoseconds } from './parquet-nanoseconds'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'drydock-footer-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const fixture = join(import.meta.dirname, 'fixtures', 'foreign', 'nanoseconds.parquet')
/** A file that is a footer and nothing else. */
const footerOf = (bytes: number[]): Buffer => {
  const length = Buffer.alloc(4)
  length.writeUInt32LE(bytes.length)
  return Buffer.concat([Buffer.from('PAR1'), Buffer.from(bytes), length, Buffer.from('PAR1')])
}

it('changes a few bytes of the footer, and a second time nothing', async () => {
  const path = join(folder, 'n.parquet')
  copyFileSync(fixture, path)
  expect([...(await uncoverNanoseconds(path))]).toEqual([
    [0, 'zoned'],
    [1, 'time'],
    [2, 'zoned']
  ])
  const [before, after] = [readFileSync(fixture), readFileSync(path)]
  expect(after.length).toBe(before.length)
  expect([...after].filter((byte, at) => byte !== before[at])).toHaveLength(3)
  expect((await uncoverNanoseconds(path)).size).toBe(0)
})

it('leaves every damaged footer as it is or ends at once: none hangs, none throws', async () => {
  const path = join(folder, 'hostile.parquet')
  const whole = readFileSync(fixture)
  let state = 7
  const next = (n: number): number => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) % n
  const from = whole.length - 8 - whole.readUInt32LE(whole.length - 8)
  const mutants = Array.from({ length: 300 }, () => {
    const bytes = Buffer.from(whole)
    for (let i = 0; i <= next(3); i++) bytes[from + next(bytes.length - from)] = next(256)
    return bytes
  })
  const endless = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f]
  const crafted = [
    footerOf([0x19, 0xf1, ...endless]),
    footerOf([0x19, 0xfc, ...endless]),
    footerOf([0x29, 0xfc, ...endless]),
    footerOf(Array.from({ length: 5_000 }, () => 0x1c)),
    footerOf([0x18, ...endless]),
    Buffer.from('PAR1'),
    Buffer.alloc(0)
  ]
  for (const bytes of [...mutants, ...crafted]) {
    writeFileSync(path, bytes)
    await uncoverNanoseconds(path)
  }
  expect(readFileSync(path)).toHaveLength(0)
})
