import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { LineageNode } from '../../model/pipeline-run'
import type { RunDetail } from '../../model/run'
import type { SignatureInput } from '../../model/training'
import { openDatabase, type Database } from '../../storage/duckdb/database'
import { createContentStore, type ContentStore } from '../../storage/objects/content-store'
import { sha256, sha256File } from '../../storage/objects/durable-files'
import { runDetail } from '../../testing/sample-runs'
import { readSignature, scoreTable, trainModel } from '../training'
import { syntheticRows, writeArrow } from '../training/fixtures/synthetic'
import type { WorkspaceContext } from '../workspace'
import { countRefused, listStaged, stageCode, stageModelFiles } from './stage-files'

const root = mkdtempSync(join(tmpdir(), 'drydock-staging-'))
let objects: ContentStore
let duckdb: Database
/** Staging reads objects and tables; the ledger is not its business. */
let context: WorkspaceContext
let made = 0
const freshFolder = (): string => {
  const folder = join(root, `staged-${made++}`)
  mkdirSync(folder)
  return folder
}
const namesIn = async (folder: string) => (await listStaged(folder)).map(({ path }) => path)

beforeAll(async () => {
  mkdirSync(join(root, 'data'))
  objects = createContentStore(join(root, 'objects'))
  duckdb = await openDatabase({ readDirectories: [root] })
  context = { directory: root, objects, duckdb } as WorkspaceContext
})
afterAll(async () => {
  await duckdb.close()
  rmSync(root, { recursive: true, force: true })
})

describe('the files of a bundle', () => {
  it('are listed with size and digest, in the order of their bytes', async () => {
    const folder = freshFolder()
    const contents = {
      'b.txt': '1',
      'a/b.txt': '22',
      'a-b.txt': '',
      'B.txt': '333',
      'a/c/d.txt': '4',
      'é.txt': '5',
      '\u{1F6A2}.txt': '6',
      '\uFF5E.txt': '7'
    }
    for (const [path, content] of Object.entries(contents)) {
      mkdirSync(join(folder, path, '..'), { recursive: true })
      writeFileSync(join(folder, path), content)
    }
    const listed = await listStaged(folder)
    expect(listed.map(({ path }) => path)).toEqual([
      'B.txt',
      'a-b.txt',
      'a/b.txt',
      'a/c/d.txt',
      'b.txt',
      'é.txt',
      '\uFF5E.txt',
      '\u{1F6A2}.txt'
    ])
    for (const { path, size, sha256: digest, sha512 } of listed) {
      const content = contents[path as keyof typeof contents]
      const long = createHash('sha512').update(content).digest('hex')
      expect({ size, digest, sha512 }, path).toEqual({ size: Buffer.byteLength(content), digest: sha256(content), sha512: long })
    }
    expect(await listStaged(freshFolder())).toEqual([])
  })
})

describe('the code of script steps', () => {
  const node = (stepId: string, ...inputs: [port: string, reference: string][]) =>
    ({ stepId, inputs: inputs.map(([port, reference]) => ({ port, reference })) }) as unknown as LineageNode
  const keep = async (text: string) => (await objects.putBytes(text)).sha256

  it('is copied flat under its digest and name, with an index of where it lay', async () => {
    const [one, two] = [await keep('one'), await keep('two')]
    const folder = freshFolder()
    await stageCode(
      context,
      [
        node('first', ['rows', `table:sha256:${one}`], ['code/src/Prepare.JS', `code:src/Prepare.JS@sha256:${one}`]),
        node('second', ['code/other/Prepare.JS', `code:other/Prepare.JS@sha256:${one}`], ['code/run.py', `code:run.py@sha256:${two}`])
      ],
      folder
    )
    const [ofOne, ofTwo] = [`lineage/code/${one.slice(0, 12)}-prepare.js`, `lineage/code/${two.slice(0, 12)}-run.py`]
    expect(await namesIn(folder)).toEqual([ofOne, ofTwo, 'lineage/code/index.json'].sort())
    expect(readFileSync(join(folder, ofOne), 'utf8')).toBe('one')
    const index = readFileSync(join(folder, 'lineage/code/index.json'), 'utf8')
    expect(index.endsWith('}\n')).toBe(true)
    expect(JSON.parse(index)).toEqual({
      schema: 'drydock.code',
      version: 1,
      files: [
        { step: 'first', path: 'src/Prepare.JS', sha256: one, file: ofOne },
        { step: 'second', path: 'other/Prepare.JS', sha256: one, file: ofOne },
        { step: 'second', path: 'run.py', sha256: two, file: ofTwo }
      ]
    })
  })

  it('has a name that any system can hold, whatever it was called', async () => {
    const names = {
      'src/.hidden': 'hidden',
      'src/a b  c.py': 'a-b-c.py',
      'Über/größe.R': 'gr-e.r',
      '..': 'file',
      'src/数据': 'file',
      '-x-': 'x',
      [`${'a'.repeat(70)}.py`]: `${'a'.repeat(57)}.py`
    }
    for (const [path, name] of Object.entries(names)) {
      const folder = freshFolder()
      const digest = await keep(path)
      await stageCode(context, [node('step', [`code/${path}`, `code:sha256:${digest}`])], folder)
      expect(
        (await readdir(join(folder, 'lineage/code'))).filter((file) => file !== 'index.json'),
        path
      ).toEqual([`${digest.slice(0, 12)}-${name}`])
    }
  })

  it('leaves nothing where no step ran any, or it is not known by its content', async () => {
    const folder = freshFolder()
    await stageCode(
      context,
      [node('split', ['table', `table:sha256:${await keep('rows')}`]), node('odd', ['code/a.js', 'code:a.js'])],
      folder
    )
    await stageCode(context, [], folder)
    expect(await namesIn(folder)).toEqual([])
  })
})

describe('the model in a bundle', () => {
  const rows = 120
  let artifacts: RunDetail['artifacts']
  let table: string
  beforeAll(async () => {
    table = await writeArrow(join(root, 'rows.arrow'), { ...syntheticRows(rows, 7) })
    const output = join(root, 'model')
    await trainModel({
      table,
      target: 'damaged',
      algorithm: 'gradient-boosting',
      // All rows shape the ranges, so that none is out of them.
      parameters: { trees: 3, learningRate: 0.3, validationFraction: 0 },
      seed: 1,
      outputDirectory: output
    })
    const artifact = async (kind: RunDetail['artifacts'][number]['kind'], name: string) => {
      const { sha256: digest, size } = await objects.putFile(join(output, name))
      return { kind, name, sha256: digest, size }
    }
    artifacts = [
      await artifact('training', 'training.json'),
      await artifact('model', 'model.onnx'),
      await artifact('signature', 'signature.json')
    ]
  })
  const input = (role: string, digest: string) =>
    ({ name: role, role, reference: `table:sha256:${digest}`, sha256: digest }) as RunDetail['inputs'][number]
  /** A table as a workspace keeps it. */
  async function kept(file: string): Promise<string> {
    const digest = await sha256File(file)
    writeFileSync(join(root, 'data', `${digest}.arrow`), readFileSync(file))
    return digest
  }

  it('comes alone where it has no signature, and without samples where it has no test table', async () => {
    const [alone, untested] = [freshFolder(), freshFolder()]
    expect(await stageModelFiles(context, runDetail('a', { artifacts: artifacts.slice(0, 2) }), alone)).toBeNull()
    expect(await namesIn(alone)).toEqual(['model/model.onnx'])
    const run = runDetail('a', { artifacts, inputs: [input('train', sha256('train'))] })
    expect(await stageModelFiles(context, run, untested)).toBeNull()
    expect(await namesIn(untested)).toEqual(['model/model.onnx', 'model/signature.json'])
    expect(await sha256File(join(untested, 'model/model.onnx'))).toBe(artifacts[1].sha256)
    expect(await sha256File(join(untested, 'model/signature.json'))).toBe(artifacts[2].sha256)
  })

  it('comes with a hundred rows that are no case of the test table, of its values, and what it answers to each', async () => {
    const folder = freshFolder()
    const run = runDetail('a', { artifacts, inputs: [input('train', sha256('train')), input('test', await kept(table))] })
    const sample = await stageModelFiles(context, run, folder)
    expect(sample).toEqual({ rows: 100, tested: rows, refused: 0 })
    expect(await namesIn(folder)).toEqual([
      'model/model.onnx',
      'model/sample-inputs.arrow',
      'model/sample-outputs.arrow',
      'model/signature.json'
    ])
    const read = (name: string) => duckdb.all<Record<string, number>>(`SELECT * FROM read_arrow('${join(folder, 'model', name)}')`)
    const [inputs, outputs] = [await read('sample-inputs.arrow'), await read('sample-outputs.arrow')]
    const cases = await duckdb.all<Record<string, number>>(`SELECT * FROM read_arrow('${table}')`)
    const names = Object.keys(inputs[0])
    expect(names).not.toContain('damaged')
    for (const name of names) {
      const values = new Set(cases.map((row) => row[name]))
      expect(
        inputs.every((row) => values.has(row[name])),
        name
      ).toBe(true)
    }
    const asText = (row: Record<string, number>): string => JSON.stringify(names.map((name) => String(row[name])))
    const real = new Set(cases.map(asText))
    expect(inputs.filter((row) => real.has(asText(row)))).toEqual([])
    const twice = freshFolder()
    await stageModelFiles(context, run, twice)
    expect(await sha256File(join(twice, 'model/sample-inputs.arrow'))).toBe(await sha256File(join(folder, 'model/sample-inputs.arrow')))
    expect(outputs).toHaveLength(100)
    for (const { label, probability } of outputs) expect(Number(label)).toBe(probability >= 0.5 ? 1 : 0)
    expect(new Set(outputs.map(({ label }) => Number(label)))).toEqual(new Set([0, 1]))
    const model = join(folder, 'model/model.onnx')
    const { scores } = await scoreTable({
      model,
      signature: await readSignature(model),
      table: join(folder, 'model', 'sample-inputs.arrow')
    })
    expect(outputs.map(({ probability }) => probability)).toEqual([...scores])
  })

  it('comes with no answers where the test table is empty, and not at all where that was changed', async () => {
    const empty = await writeArrow(
      join(root, 'empty.arrow'),
      { load: [], age: [], count: [], phase: [], noise: [], damaged: [] },
      { phase: 'text', damaged: 'boolean' }
    )
    const folder = freshFolder()
    const digest = await kept(empty)
    const run = runDetail('a', { artifacts, inputs: [input('test', digest)] })
    expect(await stageModelFiles(context, run, folder)).toEqual({ rows: 0, tested: 0, refused: 0 })
    expect(existsSync(join(folder, 'model/sample-outputs.arrow'))).toBe(false)
    writeFileSync(join(root, 'data', `${digest}.arrow`), readFileSync(table))
    await expect(stageModelFiles(context, run, freshFolder())).rejects.toMatchObject({
      code: 'DIGEST_MISMATCH',
      message: expect.stringMatching(/^The test table of the model was changed/)
    })
  })
})

describe('the rows that the runbook refuses', () => {
  const number: SignatureInput = {
    name: 'a b',
    input: 'a',
    kind: 'number',
    tensor: 'float',
    missing: 'NaN',
    missingShare: 0.1,
    range: { min: -1, max: 2 }
  }
  const text: SignatureInput = {
    name: 'word',
    input: 'word',
    kind: 'category',
    tensor: 'string',
    missing: 'empty string',
    missingShare: 0.1
  }
  let file: string
  beforeAll(async () => {
    file = await writeArrow(join(root, `it's.arrow`), {
      'a b': [-1, 2, 0, -1.1, 2.1, Number.NaN, null],
      word: ['x', null, 'x', 'x', 'x', 'x', null]
    })
  })

  it.each([
    ['none where nothing is said of the inputs', [{ ...number, range: undefined }, text], 0],
    ['those out of the range of a number', [number, text], 2],
    ['no others, where it is no number', [{ ...number, kind: 'boolean' as const }, text], 0],
    ['also those that lack what was never missing', [{ ...number, missingShare: 0 }, text], 3],
    [
      'each once, for whatever reason',
      [
        { ...number, missingShare: 0 },
        { ...text, missingShare: 0 }
      ],
      4
    ]
  ])('are %s', async (_, inputs, refused) => {
    expect(await countRefused(context, inputs, file)).toEqual({ tested: 7, refused })
  })
})
