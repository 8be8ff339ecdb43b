import { appendFileSync, chmodSync, closeSync, fsyncSync, openSync, readSync, rmSync, statSync, utimesSync, writeSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createQuality, type QualityWriter } from '../quality'
import { openTestWorkspace, type TestWorkspace } from './workspace.fixture'

let w: TestWorkspace
let quality: QualityWriter
beforeEach(async () => {
  w = await openTestWorkspace()
  quality = createQuality(w.context, w.datasets)
  await w.datasets.importFile(w.source('a.csv', `id,word\n${Array.from({ length: 3_000 }, (_, i) => `${i},word ${i % 7}`).join('\n')}\n`), {
    name: 'strikes'
  })
})
afterEach(() => w.close())

/** Flips one bit of one byte; size and modification time stay as they were, as a careful attacker leaves them. */
function flipByte(path: string, at: number): void {
  chmodSync(path, 0o644)
  const { atime, mtime } = statSync(path)
  const file = openSync(path, 'r+')
  const byte = Buffer.alloc(1)
  readSync(file, byte, 0, 1, at)
  writeSync(file, Buffer.from([byte[0] ^ 1]), 0, 1, at)
  fsyncSync(file)
  closeSync(file)
  utimesSync(path, atime, mtime)
}

/** Every way to see what is in a dataset. */
const views = (): Record<string, () => Promise<unknown>> => {
  const { sha256, path } = w.datasets.resolve('strikes')
  return {
    rows: () => w.datasets.rows('strikes', {}),
    search: () => w.datasets.rows('strikes', { search: 'word 3' }),
    sql: () => w.datasets.sql('SELECT count(*) FROM Strikes'),
    'sql by version': () => w.datasets.sql(`SELECT max(id) FROM "strikes@${sha256.slice(0, 8)}"`),
    'sql in a subquery': () => w.datasets.sql('SELECT (SELECT max(id) FROM strikes)'),
    'sql by a constant': () => w.datasets.sql("SELECT * FROM query_table('strikes')"),
    'sql by path': () => w.datasets.sql(`SELECT count(*) FROM read_arrow('${path}')`),
    summary: () => w.datasets.sql('SUMMARIZE strikes'),
    profile: () => quality.run('strikes')
  }
}

describe('a data file that was changed on the disk', () => {
  it('is shown, queried and profiled nowhere, and the error names dataset, file and what to do', async () => {
    for (const look of Object.values(views())) await look()
    const { path, sha256 } = w.datasets.resolve('strikes')
    flipByte(path, Math.floor(statSync(path).size / 2))
    for (const [name, look] of Object.entries(views()))
      await expect(look(), name).rejects.toMatchObject({
        code: 'DIGEST_MISMATCH',
        message: expect.stringMatching(new RegExp(`data/${sha256}\\.arrow of dataset:strikes .*backup or import its source again`))
      })
    expect(quality.list()).toHaveLength(1)
  })
  it('is found when something was added behind its end, and when it was changed back all is well', async () => {
    const { path } = w.datasets.resolve('strikes')
    flipByte(path, 100)
    await expect(w.datasets.rows('strikes', {})).rejects.toMatchObject({ code: 'DIGEST_MISMATCH' })
    flipByte(path, 100)
    expect((await w.datasets.rows('strikes', {})).total).toBe(3_000)
    appendFileSync(path, 'more')
    await expect(w.datasets.sql('FROM strikes')).rejects.toMatchObject({ code: 'DIGEST_MISMATCH' })
  })
  it('does not disturb queries over other datasets, even when their text mentions its name', async () => {
    await w.datasets.importFile(w.source('b.csv', 'id,strikes\n1,2\n'), { name: 'birds strikes' })
    flipByte(w.datasets.resolve('strikes').path, 100)
    expect((await w.datasets.sql('SELECT id -- not of strikes\nFROM "birds strikes"')).rows).toEqual([[1]])
    expect((await w.datasets.sql('SELECT 1 AS "my strikes"')).rows).toEqual([[1]])
  })
  it('is NOT_FOUND when it is gone', async () => {
    rmSync(w.datasets.resolve('strikes').path)
    for (const look of [() => w.datasets.rows('strikes', {}), () => w.datasets.sql('FROM strikes'), () => quality.run('strikes')])
      await expect(look()).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
  it('lets nobody read the file of another dataset by its path', async () => {
    await w.datasets.importFile(w.source('c.csv', 'x\n1\n'), { name: 'other' })
    const { path } = w.datasets.resolve('other')
    w.datasets.trash('other')
    await expect(w.datasets.sql(`SELECT * FROM read_arrow('${path}')`)).rejects.toMatchObject({ code: 'FORBIDDEN' })
  })
})
