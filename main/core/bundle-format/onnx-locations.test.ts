import { Writer } from 'protobufjs/minimal'
import fc from 'fast-check'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { encodeModel } from '../training/onnx/messages'
import { scanOnnx } from './onnx-locations'
import { signDirectory, verifyBundle } from './index'
import { forge, newKey, recipe, removeFolders, sampleFiles, writeFiles } from './sample-bundle.fixture'

afterAll(removeFolders)

/** A message with other messages, texts or numbers at its fields. */
const proto = (...fields: [number, Uint8Array | string | number][]): Uint8Array => {
  const writer = Writer.create()
  for (const [field, value] of fields)
    if (typeof value === 'number') writer.uint32(field << 3).int64(value)
    else if (typeof value === 'string') writer.uint32((field << 3) | 2).string(value)
    else writer.uint32((field << 3) | 2).bytes(value)
  return writer.finish()
}
const entry = (key: string, value: string) => proto([1, key], [2, value])
const tensor = (location: string) => proto([1, 3], [8, 'w'], [9, Buffer.alloc(3000, 0x6a)], [13, entry('location', location)], [14, 1])
const attribute = (...fields: [number, Uint8Array][]) => proto([1, 'value'], ...fields)
const nodeWith = (value: Uint8Array) => proto([1, 'x'], [4, 'Constant'], [5, value])
const graph = (...fields: [number, Uint8Array][]) => proto([2, 'g'], ...fields)
const model = (...fields: [number, Uint8Array][]) => Buffer.from(proto([1, 8], [2, 'test'], ...fields))

const places: [string, (location: string) => Buffer][] = [
  ['an initializer', (location) => model([7, graph([5, tensor(location)])])],
  ['the second part of a graph', (location) => model([7, graph()], [7, graph([5, tensor(location)])])],
  ['a sparse initializer', (location) => model([7, graph([15, proto([1, tensor('inside')], [2, tensor(location)])])])],
  ['an attribute', (location) => model([7, graph([1, nodeWith(attribute([5, tensor(location)]))])])],
  ['a list of an attribute', (location) => model([7, graph([1, nodeWith(attribute([10, tensor('inside')], [10, tensor(location)]))])])],
  ['a sparse list of an attribute', (location) => model([7, graph([1, nodeWith(attribute([23, proto([1, tensor(location)])]))])])],
  ['a subgraph', (location) => model([7, graph([1, nodeWith(attribute([6, graph([5, tensor(location)])]))])])],
  ['a list of subgraphs', (location) => model([7, graph([1, nodeWith(attribute([11, graph([1, nodeWith(attribute([5, tensor(location)]))])]))])])],
  ['a function', (location) => model([25, proto([1, 'f'], [7, nodeWith(attribute([5, tensor(location)]))])])],
  ['the default of a function', (location) => model([25, proto([11, attribute([5, tensor(location)])])])],
  ['the training', (location) => model([20, proto([2, graph([5, tensor(location)])])])]
] // prettier-ignore

function found(bytes: Buffer, chunkBytes = bytes.length): string[] {
  const scanner = scanOnnx()
  for (let at = 0; at < bytes.length; at += chunkBytes) scanner.push(bytes.subarray(at, at + chunkBytes))
  return [...scanner.locations].sort()
}

describe('a place outside of a model', () => {
  it.each(places)('is found in %s, however the file is read', (_what, build) => {
    for (const chunkBytes of [1, 7, 1 << 20])
      expect(found(build('../../etc/shadow'), chunkBytes)).toEqual(expect.arrayContaining(['../../etc/shadow']))
  })

  it('is found behind groups and unknown fields, with two keys or values, and although the tensor says that it has its data', () => {
    const group = Buffer.from([0xe3, 0x06, 0x08, 0x01, 0xe4, 0x06])
    const twice = proto([1, 'offset'], [1, 'location'], [2, 'one'], [2, 'two'])
    const bytes = model([7, graph([5, Buffer.concat([group, proto([77, 'unknown'], [13, twice], [14, 0])])])])
    expect(found(bytes, 3)).toEqual(['one', 'two'])
    expect(found(model([7, graph([5, proto([13, entry('offset', '../x')])])]))).toEqual([])
  })

  it('is found among a million numbers without a pause', () => {
    const numbers = Writer.create()
    for (let index = 0; index < 500_000; index++)
      numbers
        .uint32(8 << 3)
        .int64(index % 300)
        .uint32((7 << 3) | 5)
        .float(index)
    const tree = nodeWith(Buffer.concat([numbers.finish(), attribute([5, tensor('far')])]))
    const bytes = model([7, graph([1, tree], [1, nodeWith(attribute([5, tensor('last')]))])])
    const before = process.cpuUsage()
    expect(found(bytes, 1 << 20)).toEqual(['far', 'last'])
    const { user, system } = process.cpuUsage(before)
    expect((user + system) / 1e6).toBeLessThan(1)
  })

  it('is in no model of ours, and no bytes make the search fail', () => {
    const ours = encodeModel({ producer: 'p', producerVersion: '1', graphName: 'g', description: 'location', operatorSets: { '': 17 }, metadata: { location: '../x' }, nodes: [{ operator: 'Identity', name: 'n', inputs: ['x'], outputs: ['y'] }], initializers: [{ name: 'w', type: 'float', dimensions: [2], values: [1, 2] }], inputs: [], outputs: [] }) // prettier-ignore
    expect(found(Buffer.from(ours), 5)).toEqual([])
    const whole = places[7]![1]('../x')
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 8 }),
        fc.integer({ min: 1, max: 50 }),
        (changes, size) => {
          const bytes = Buffer.from(whole)
          for (const [at, value] of changes) bytes[at] = value
          expect(Array.isArray(found(bytes, size))).toBe(true)
        }
      ),
      { numRuns: 300 }
    )
    const deep = Array.from({ length: 400 }).reduce<Uint8Array>((inner) => proto([6, proto([1, proto([5, inner])])]), tensor('x'))
    expect(found(model([7, proto([1, proto([5, deep])])]))).toEqual([])
  })
})

describe('a bundle', () => {
  const layoutOf = async (location: string) => {
    const folder = writeFiles({ ...sampleFiles, 'model/big.onnx': places[6]![1](location) })
    writeFileSync(join(folder, 'model.sig'), JSON.stringify(forge(recipe(folder, 'x'), newKey())))
    const { verdict, checks } = await verifyBundle(folder)
    return { verdict, ...checks.find(({ id }) => id === 'layout') }
  }

  it.each(['../../outside.bin', '/etc/passwd', 'C:/x', 'a\\x', '*/_ORT_MEM_ADDR_/*', 'absent.bin', '../attestations/x', ''])(
    'whose model takes weights from %j is refused, and never signed',
    async (location) => {
      expect(await layoutOf(location)).toMatchObject({
        verdict: 'altered',
        status: 'fail',
        detail: expect.stringMatching(/big\.onnx takes weights from/)
      })
      const folder = writeFiles({ ...sampleFiles, 'model/big.onnx': places[0]![1](location) })
      await expect(signDirectory(folder, { key: newKey() })).rejects.toThrow(/Nothing was signed/)
    }
  )

  it('may keep weights in another signed file', async () => {
    const folder = writeFiles({ ...sampleFiles, 'model/sub/w.bin': 'weights', 'model/big.onnx': places[6]![1]('sub/w.bin') })
    await signDirectory(folder, { key: newKey() })
    expect((await verifyBundle(folder)).verdict).toBe('insufficient')
  })
})
