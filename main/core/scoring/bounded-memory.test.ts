import { createWriteStream, readFileSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sha256File } from '../../storage/objects/durable-files'
import { rounds } from '../../testing/deep'
import { readSignature, trainModel } from '../training'
import { uniformStream, writeArrow } from '../training/fixtures/synthetic'
import { referenceOf, type ScoredModel } from '../scored-models'
import { scoreFile } from '.'

/** Text that DuckDB would hold whole in about 1.1 GB (deep) is read, checked and scored in less than half. */
const rows = rounds(200_000, 6_000_000)
const mostMegabytes = rounds(250, 600)
let folder: string
let model: ScoredModel

const uniform = uniformStream(5)
const cells = (): (number | string)[] => [...Array.from({ length: 5 }, () => uniform().toFixed(6)), `kind ${Math.floor(uniform() * 20)}`]

function* lines(): Generator<string> {
  yield 'id,x0,x1,x2,x3,x4,kind\n'
  for (let row = 0; row < rows; row += 1000) yield Array.from({ length: 1000 }, (_, at) => `${row + at},${cells().join(',')}\n`).join('')
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bounded-memory-'))
  const learned = Array.from({ length: 2000 }, cells)
  const training = await writeArrow(join(folder, 'training.arrow'), {
    ...Object.fromEntries(Array.from({ length: 5 }, (_, column) => [`x${column}`, learned.map((line) => Number(line[column]))])),
    kind: learned.map((line) => String(line[5])),
    y: learned.map((line) => (Number(line[0]) + Number(line[1]) > 1 ? 1 : 0))
  })
  const parameters = { trees: 5, maxLeaves: 8 }
  await trainModel({ table: training, target: 'y', algorithm: 'gradient-boosting', parameters, seed: 1, outputDirectory: folder })
  const path = join(folder, 'model.onnx')
  const signature = await readSignature(path)
  const reference = await referenceOf(signature, training)
  model = { name: 'm@1', path, sha256: await sha256File(path), signature, decidesFrom: 0.5, reference }
  await pipeline(Readable.from(lines()), createWriteStream(join(folder, 'rows.csv')))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const resident = (what: 'VmRSS' | 'VmHWM'): number =>
  Number(new RegExp(`${what}:\\s+(\\d+)`).exec(readFileSync('/proc/self/status', 'utf8'))![1]) / 1024

describe.runIf(process.platform === 'linux')('the memory of scoring a file', () => {
  it('does not grow with the rows of the file', async () => {
    // Resets the peak of this process.
    writeFileSync('/proc/self/clear_refs', '5')
    const before = resident('VmRSS')
    const { report } = await scoreFile(model, {
      file: join(folder, 'rows.csv'),
      out: join(folder, 'scores.csv'),
      keep: ['id'],
      temporary: join(folder, 'tmp')
    })
    const grown = resident('VmHWM') - before
    expect(report.rows).toBe(rows)
    expect(report.rowsWithFindings).toBeLessThan(rows / 50)
    expect(Math.round(grown)).toBeLessThan(mostMegabytes)
    expect(grown).toBeGreaterThan(5)
  })
})
