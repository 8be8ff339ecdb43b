import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { programFile } from '../../testing/programs'
import { syntheticRows, writeArrow } from './fixtures/synthetic'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'determinism-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('determinism', () => {
  it('the same models in other processes, with other numbers of threads, compiled and interpreted', async () => {
    const table = await writeArrow(join(folder, 'rows.arrow'), { ...syntheticRows(1200, 77) })
    const fit = async (flags: string[], threads: number): Promise<string> => {
      const env = { ...process.env, UV_THREADPOOL_SIZE: String(threads), OMP_NUM_THREADS: String(threads) }
      return (await promisify(execFile)(process.execPath, [...flags, programFile('fit-digest'), table], { env })).stdout
    }
    const digests = [await fit([], 1), await fit([], 8), await fit(['--no-opt', '--single-threaded'], 2)]
    expect(digests[0]).toMatch(/^[0-9a-f]{64} [0-9a-f]{64}\n$/)
    expect(new Set(digests).size).toBe(1)
  })
})
