import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Float64, Table, tableToIPC, Utf8, vectorFromArray, type Vector } from 'apache-arrow'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { modelSignatureSchema } from '../../model/training'
import { judgedRows } from './judged-rows'
import { cellOf } from './summary'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'judged-rows-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const signature = modelSignatureSchema.parse({
  ...{ schema: 'drydock.model-signature', version: 1, task: 'binary-classification', algorithm: 'script', notes: [], outputs: [] },
  target: { name: 'y', kind: 'number', positive: 1, negatives: [0] },
  inputs: ['x', 'kind'].map((name) => ({
    ...{ name, input: name, missingShare: 0 },
    ...(name === 'kind'
      ? { kind: 'category', tensor: 'string', missing: 'empty string' }
      : { kind: 'number', tensor: 'float', missing: 'NaN' })
  }))
})

it('picks rows with an outcome evenly over all batches, each with its own inputs, weight and cluster', async () => {
  const rows = 300
  const numbers = (of: (row: number) => number | null) =>
    vectorFromArray(
      Array.from({ length: rows }, (_, row) => of(row)),
      new Float64()
    ) as Vector
  const texts = (of: (row: number) => string) =>
    vectorFromArray(
      Array.from({ length: rows }, (_, row) => of(row)),
      new Utf8()
    ) as Vector
  // Every third row has no outcome; both batches have texts of their own.
  const part = (from: number) =>
    new Table({
      x: numbers((row) => from + row),
      kind: texts((row) => `k${(from + row) % 7}`),
      y: numbers((row) => ((from + row) % 3 === 0 ? null : (from + row) % 2)),
      counts: numbers((row) => 1 + ((from + row) % 5)),
      site: texts((row) => `s${(from + row) % 11}`)
    })
  const path = join(folder, 'rows.arrow')
  await writeFile(path, tableToIPC(part(0).concat(part(rows)), 'file'))
  const found = await judgedRows(path, signature, { weight: 'counts', clusters: { by: 'group', column: 'site' }, most: 100 })
  const known = Array.from({ length: 2 * rows }, (_, row) => row).filter((row) => row % 3 !== 0)
  const picked = Array.from({ length: 100 }, (_, at) => known[4 * at]!)
  expect(found!.frame.rows).toBe(100)
  picked.forEach((row, at) => {
    expect([cellOf(found!.frame, 'x', at), cellOf(found!.frame, 'kind', at)]).toEqual([row, `k${row % 7}`])
    expect([found!.labels[at], found!.weights![at]]).toEqual([row % 2, 1 + (row % 5)])
    const same = picked.findIndex((other) => other % 11 === row % 11)
    expect(found!.clusters!.codes[at]).toBe(found!.clusters!.codes[same])
  })
  expect(new Set(found!.clusters!.codes).size).toBe(11)
})
