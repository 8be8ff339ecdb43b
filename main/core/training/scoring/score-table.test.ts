import { existsSync } from 'node:fs'
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WorkbenchError } from '../../../model/errors'
import { syntheticRows, writeArrow } from '../fixtures/synthetic'
import { readFrame } from '../../frames'
import type { BoostedTrees } from '../boosting/tree'
import { readNativeModel } from '../native-model'
import { trainModel } from '../train-model'
import { measureLatency, measureScorer } from './measure-latency'
import { assertParity } from './parity'
import { readSignature, scoreFrame, scoreTable, startScorer } from './score-table'

let folder: string
let model: string
let table: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scoring-'))
  table = await writeArrow(join(folder, 'rows.arrow'), { ...syntheticRows(5000, 21) })
  await trainModel({
    table,
    target: 'damaged',
    algorithm: 'gradient-boosting',
    parameters: { trees: 30 },
    seed: 1,
    outputDirectory: folder
  })
  model = join(folder, 'model.onnx')
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function failure(work: Promise<unknown>): Promise<WorkbenchError> {
  const outcome = await work.catch((error: unknown) => error)
  if (!(outcome instanceof WorkbenchError)) throw new Error(`expected a WorkbenchError, got ${String(outcome)}`)
  return outcome
}

describe('scoring in a child process', () => {
  it('gives each row the same probability in chunks, alone and natively', async () => {
    const signature = await readSignature(model)
    const frame = await readFrame(table)
    const scorer = await startScorer(model, signature)
    try {
      const shares: number[] = []
      const { scores } = await scoreFrame(scorer, signature, frame, undefined, (share) => shares.push(share))
      expect(shares).toEqual([4096 / 5000, 1])
      const native = await readNativeModel(join(folder, 'model.json'))
      expect((await assertParity(native, scorer, signature, frame)).rows).toBe(5000)
      const changed = structuredClone(native)
      const boosted = changed.model as BoostedTrees
      boosted.base = Number(boosted.base) + 0.001
      const error = await failure(assertParity(changed, scorer, signature, frame))
      expect(error.code).toBe('JOB_FAILED')
      expect(scores).toHaveLength(5000)
    } finally {
      await scorer.close()
    }
  })

  it('turns a crash of the process into JOB_FAILED', async () => {
    const signature = await readSignature(model)
    const frame = await readFrame(table)
    const scorer = await startScorer(model, signature)
    const work = scoreFrame(scorer, signature, frame)
    process.kill(scorer.processId!, 'SIGKILL')
    const error = await failure(work)
    expect(error.code).toBe('JOB_FAILED')
    expect(error.message).toMatch(/SIGKILL/)
    expect((await failure(scoreFrame(scorer, signature, frame))).code).toBe('JOB_FAILED')
    await scorer.close()
  })

  it('ends the process when cancelled', async () => {
    const signature = await readSignature(model)
    // More parts than are asked for ahead: what was answered before the cancel arrived is no failure.
    const frame = await readFrame(await writeArrow(join(folder, 'many.arrow'), { ...syntheticRows(5 * 4096, 22) }))
    const controller = new AbortController()
    const scorer = await startScorer(model, signature, controller.signal)
    const work = scoreFrame(scorer, signature, frame, undefined, () => controller.abort())
    expect((await failure(work)).code).toBe('CANCELLED')
    await scorer.close()
    expect(() => process.kill(scorer.processId!, 0)).toThrow()
  })

  it('refuses a file that is no model, another model, and columns of another type', async () => {
    const junk = join(folder, 'junk.onnx')
    await writeFile(junk, 'this is not a model')
    expect((await failure(scoreTable({ model: junk, signature: join(folder, 'signature.json'), table }))).code).toBe('JOB_FAILED')
    const other = join(folder, 'other')
    const narrow = await writeArrow(join(folder, 'narrow.arrow'), { y: [true, false, true, false], x: [1, 2, 3, 4] })
    await trainModel({ table: narrow, target: 'y', algorithm: 'logistic-regression', seed: 1, outputDirectory: other })
    await copyFile(join(folder, 'signature.json'), join(other, 'signature.json'))
    expect((await failure(scoreTable({ model: join(other, 'model.onnx'), table }))).message).toMatch(/does not fit its signature.*x/)
    const rows = syntheticRows(10, 1)
    const swapped = await writeArrow(join(folder, 'swapped.arrow'), { ...rows, phase: rows.load })
    const error = await failure(scoreTable({ model, table: swapped }))
    expect(error.code).toBe('INVALID_INPUT')
    expect(error.message).toMatch(/"phase" holds numbers/)
    await writeFile(join(folder, 'signature-bad.json'), '{"schema": 1}')
    expect((await failure(scoreTable({ model, signature: join(folder, 'signature-bad.json'), table }))).code).toBe('INVALID_INPUT')
  })

  it('measures latency, throughput and memory in seconds, rows per second and bytes', async () => {
    const started = performance.now()
    const latency = await measureLatency({ model, table })
    const elapsed = (performance.now() - started) / 1000
    expect(latency).toMatchObject({ calls: 1000, batchRows: 4096 })
    expect(latency.p50).toBeGreaterThan(0)
    expect(latency.p99).toBeGreaterThanOrEqual(latency.p50)
    // What was timed lies within what the whole took, so the units are right on any machine.
    expect(latency.mean * latency.calls).toBeLessThan(elapsed)
    expect(latency.p50 * (latency.calls / 2)).toBeLessThanOrEqual(latency.mean * latency.calls)
    expect(latency.batchRows / latency.rowsPerSecond).toBeLessThan(elapsed)
    expect(latency.peakMemory).toBeGreaterThan(20e6)
  })

  it.runIf(existsSync('/proc/self/status'))('reports the peak memory of the scoring process alone', async () => {
    const signature = await readSignature(model)
    const frame = await readFrame(table)
    // The starting process is far larger than the one that scores.
    const ballast = Buffer.alloc(500e6, 1)
    const scorer = await startScorer(model, signature)
    try {
      const { peakMemory } = await measureScorer(scorer, signature, frame, { calls: 20, batchSeconds: 0.01 })
      const status = await readFile(`/proc/${scorer.processId}/status`, 'utf8')
      const kernel = Number(/^VmHWM:\s+(\d+) kB/m.exec(status)![1]) * 1024
      expect(peakMemory).toBeLessThanOrEqual(kernel)
      expect(peakMemory).toBeGreaterThan(kernel * 0.9)
      expect(peakMemory).toBeLessThan(ballast.length)
    } finally {
      await scorer.close()
    }
  })
})
