import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { setWorkerDirectory } from '../../jobs'
import { Scorer } from './scorer'

/** Loads anything, then lets go of its channel and ends `after` milliseconds later, as its model's path says. */
const program = `
process.on('message', ({ id, model }) => {
  const { after, end } = JSON.parse(model)
  process.send({ id, ok: true, kind: 'loaded', inputs: [], outputs: [] }, () => {
    process.stderr.write('last words')
    process.disconnect()
    setTimeout(() => eval(end), after)
  })
})`

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scorer-'))
  await writeFile(join(folder, 'score-worker.js'), program)
  setWorkerDirectory(folder)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const failureOf = (work: Promise<unknown>): Promise<unknown> => work.then(() => 'nothing failed').catch((error: unknown) => error)
/** Holds this program still, so that what happens to the child meanwhile is not heard before the next request is written. */
const holdStill = (milliseconds: number): unknown => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds)

describe('a scoring process that cannot be reached any more', () => {
  for (const [end, reason] of [
    ['process.exit(7)', 'exit code 7'],
    ["process.kill(process.pid, 'SIGKILL')", 'signal SIGKILL']
  ])
    it(`is reported by how it ended (${reason}), whichever of its pipes broke first`, async () => {
      for (let round = 0; round < 9; round++) {
        const scorer = await Scorer.start(JSON.stringify({ after: 60, end }), [])
        if (round % 3 === 0) holdStill(30)
        else if (round % 3 === 1) await new Promise((resolve) => setTimeout(resolve, 30))
        const failed = await failureOf(scorer.score([], 1))
        expect(failed).toMatchObject({
          code: 'JOB_FAILED',
          message: expect.stringContaining(`(${reason})`),
          details: { log: 'last words' }
        })
        expect(await failureOf(scorer.score([], 1))).toBe(failed)
        await scorer.close()
      }
    })

  it('is ended and reported when it lives on without its channel', async () => {
    const scorer = await Scorer.start(JSON.stringify({ after: 3_600_000, end: '' }), [])
    expect(await failureOf(scorer.score([], 1))).toMatchObject({ code: 'JOB_FAILED' })
    await scorer.close()
    expect(() => process.kill(scorer.processId!, 0)).toThrow()
  })
})
