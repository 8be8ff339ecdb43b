import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { encodeModel } from '../training/onnx/messages'
import { fedInputs, readOnnx, readOnnxFile, type OnnxFileNode } from '.'

const folder = join(__dirname, '..', 'imported-models', 'fixtures')
const fixture = (name: string): string => join(folder, `${name}.onnx`)
const nodesOf = async (name: string): Promise<OnnxFileNode[]> => (await readOnnxFile(fixture(name))).graph.nodes

describe('reading an ONNX file', () => {
  it('gives what the exporter wrote', () => {
    const bytes = encodeModel({
      producer: 'drydock',
      producerVersion: '1',
      graphName: 'graph',
      description: 'words',
      operatorSets: { '': 17, 'ai.onnx.ml': 3 },
      metadata: { a: 'b', ['__proto__']: 'c' },
      nodes: [
        {
          operator: 'LabelEncoder',
          domain: 'ai.onnx.ml',
          name: 'n',
          inputs: ['x'],
          outputs: ['y'],
          attributes: {
            keys: { type: 'strings', value: ['ä', ''] },
            numbers: { type: 'floats', value: [0.5, -1] },
            codes: { type: 'ints', value: [3, -4] },
            one: { type: 'int', value: -1 }
          }
        }
      ],
      initializers: [
        { name: 'd', type: 'double', dimensions: [1, 2], values: [1.5, NaN] },
        { name: 'i', type: 'int64', dimensions: [], values: [-7] }
      ],
      inputs: [{ name: 'x', type: 'string', dimensions: ['N', 1], description: 'text' }],
      outputs: [{ name: 'y', type: 'int64', dimensions: ['N', 1] }]
    })
    const file = readOnnx(bytes, 'own.onnx')
    expect(file).toMatchObject({ irVersion: 8, producer: 'drydock', description: 'words', operatorSets: { '': 17, 'ai.onnx.ml': 3 } })
    expect(Object.entries(file.metadata)).toEqual([
      ['a', 'b'],
      ['__proto__', 'c']
    ])
    expect(file.graph.nodes[0]).toEqual({
      operator: 'LabelEncoder',
      domain: 'ai.onnx.ml',
      name: 'n',
      inputs: ['x'],
      outputs: ['y'],
      attributes: {
        keys: { type: 'strings', value: ['ä', ''] },
        numbers: { type: 'floats', value: [0.5, -1] },
        codes: { type: 'ints', value: [3, -4] },
        one: { type: 'int', value: -1 }
      }
    })
    expect(file.graph.initializers.map((tensor) => [tensor.element, tensor.dimensions, tensor.values()])).toEqual([
      ['double', [1, 2], [1.5, NaN]],
      ['int64', [], [-7]]
    ])
    expect(file.graph.inputs).toEqual([
      { name: 'x', type: { kind: 'tensor', element: 'string', dimensions: ['N', 1] }, description: 'text' }
    ])
  })

  it('knows sequences of maps, which scikit-learn models answer with', async () => {
    const { graph, producer } = await readOnnxFile(fixture('logistic-zipmap'))
    expect(producer).toBe('skl2onnx')
    expect(fedInputs(graph).map(({ name }) => name)).toEqual(['X'])
    expect(graph.outputs[1]!.type).toEqual({
      kind: 'sequence',
      of: { kind: 'map', key: 'string', value: { kind: 'tensor', element: 'float', dimensions: null } }
    })
    expect((await nodesOf('logistic-zipmap')).find(({ operator }) => operator === 'ZipMap')?.attributes).toEqual({
      classlabels_strings: { type: 'strings', value: ['no', 'yes'] }
    })
  })

  it('reads trees and the graph within a loop', async () => {
    const trees = (await nodesOf('lightgbm-zipmap')).find(({ operator }) => operator === 'TreeEnsembleClassifier')!
    const ids = trees.attributes.nodes_treeids
    expect(ids?.type === 'ints' && Math.max(...ids.value)).toBe(7)
    const loop = (await nodesOf('hostile-loop')).find(({ operator }) => operator === 'Loop')!
    expect(loop.attributes.body).toMatchObject({ type: 'graph', value: { name: 'body' } })
  })
})

describe('a file that must not be used', () => {
  it.each([
    ['hostile-external', /constant "w" keeps its values in another file/],
    ['hostile-huge', /constant "w" says that it has 6000000000 values/]
  ])('%s is refused by name', async (name, reason) => {
    await expect(readOnnxFile(fixture(name))).rejects.toMatchObject({ code: 'INVALID_INPUT', message: expect.stringMatching(reason) })
  })

  it('is one that is cut off anywhere, or is something else', () => {
    const whole = readFileSync(fixture('logistic-zipmap'))
    for (let end = 0; end < whole.length - 40; end += 7)
      expect(() => readOnnx(whole.subarray(0, end), 'cut.onnx'), `cut at ${end}`).toThrow(/is not an ONNX model that can be used/)
    for (const text of ['', 'income,age\n1,2\n', '{"a":1}', '\u0080\u0004pickle'])
      expect(() => readOnnx(Buffer.from(text), 'other.onnx'), text).toThrow(/other\.onnx" is not an ONNX model/)
  })

  it('never makes the reader fail otherwise or hang, whatever byte is changed', () => {
    let state = 7
    const next = (below: number): number => (state = (state * 48271) % 2147483647) % below
    for (const name of readdirSync(folder).filter((each) => each.endsWith('.onnx'))) {
      const bytes = readFileSync(join(folder, name))
      for (let round = 0; round < 60; round++) {
        const changed = Uint8Array.from(bytes)
        changed[next(bytes.length)] = next(256)
        try {
          readOnnx(changed, name)
        } catch (error) {
          expect(error, `${name} ${round}`).toMatchObject({ code: 'INVALID_INPUT' })
        }
      }
    }
  })

  it('has its graph once: readers that merge two would see another model', () => {
    const whole = readFileSync(fixture('network-logits'))
    expect(() => readOnnx(Buffer.concat([whole, whole]), 'twice.onnx')).toThrow(/more than one graph/)
  })
})
