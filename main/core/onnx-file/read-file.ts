import { promises as fs } from 'node:fs'
import { basename } from 'node:path'
import { WorkbenchError, fromSystemError } from '../../model/errors'
import { plainDomain, readGraph, readNode, type Budget } from './read-graph'
import type { OnnxFile, OnnxGraph } from './shape'
import { once, OnnxFault, readMessage, takeBytes, takeInteger, takeText } from './wire'

/** Largest file that is read, bytes. A protobuf message cannot be over 2 GiB. */
export const mostOnnxBytes = 1024 ** 3

/**
 * Reads an ONNX file without running it: structure, constants, attributes. The bytes may come from anybody.
 * @throws WorkbenchError INVALID_INPUT for what is no ONNX file, is damaged, keeps values in other files or contradicts itself; NOT_FOUND
 */
export const readOnnxFile = async (path: string): Promise<OnnxFile> => readOnnx(await readOnnxBytes(path), basename(path))

/** The bytes of a file that may be a model. @throws WorkbenchError INVALID_INPUT for one that is larger than any may be, NOT_FOUND */
export async function readOnnxBytes(path: string): Promise<Uint8Array> {
  const name = basename(path)
  try {
    const { size } = await fs.stat(path)
    if (size > mostOnnxBytes)
      throw new WorkbenchError(
        'INVALID_INPUT',
        `"${name}" has ${(size / 1024 ** 3).toFixed(1)} GiB, more than an ONNX file may have here (1 GiB). Export a smaller model.`
      )
    return await fs.readFile(path)
  } catch (error) {
    throw fromSystemError(error, `reading the model ${name}`)
  }
}

/** The same for bytes in memory; `name` is what the error calls them. */
export function readOnnx(bytes: Uint8Array, name: string): OnnxFile {
  try {
    return readModel(bytes)
  } catch (error) {
    if (!(error instanceof OnnxFault)) throw error
    throw new WorkbenchError('INVALID_INPUT', `"${name}" is not an ONNX model that can be used: ${error.message}. ${error.nextStep}`, {
      cause: error
    })
  }
}

function readModel(bytes: Uint8Array): OnnxFile {
  const budget: Budget = { nodes: 0 }
  const file: Omit<OnnxFile, 'graph'> = {
    irVersion: 0,
    producer: '',
    producerVersion: '',
    description: '',
    operatorSets: {},
    metadata: {},
    functions: []
  }
  let graph: OnnxGraph | undefined
  if (bytes.byteLength === 0) throw new OnnxFault('it is empty')
  readMessage(bytes, 'the file', {
    1: (reader, wire) => (file.irVersion = takeInteger(reader, wire)),
    2: (reader, wire) => (file.producer = takeText(reader, wire)),
    3: (reader, wire) => (file.producerVersion = takeText(reader, wire)),
    6: (reader, wire) => (file.description = takeText(reader, wire)),
    7: once('graph', (own) => (graph = readGraph(own, budget))),
    8: (reader, wire) => {
      const { key, value } = readPair(takeBytes(reader, wire), 'operator set', takeInteger)
      setOwn(file.operatorSets, plainDomain(key), value ?? 0)
    },
    14: (reader, wire) => {
      const { key, value } = readPair(takeBytes(reader, wire), 'metadata', takeText)
      setOwn(file.metadata, key, value ?? '')
    },
    25: (reader, wire) => file.functions.push(readFunction(takeBytes(reader, wire), budget))
  })
  if (!graph || file.irVersion < 1 || Object.keys(file.operatorSets).length === 0)
    throw new OnnxFault('it has no graph, version or operator set, as every ONNX file has')
  if (graph.nodes.length === 0 || graph.outputs.length === 0) throw new OnnxFault('its graph has no node or no output')
  return { ...file, graph }
}

/** A key may be called like a member of every object. */
const setOwn = <T>(record: Record<string, T>, key: string, value: T): void =>
  void Object.defineProperty(record, key, { value, enumerable: true, configurable: true })

function readPair<T>(bytes: Uint8Array, what: string, take: (reader: never, wire: number) => T): { key: string; value: T | undefined } {
  let key = ''
  let value: T | undefined
  readMessage(bytes, what, {
    1: (reader, wire) => (key = takeText(reader, wire)),
    2: (reader, wire) => (value = take(reader as never, wire))
  })
  return { key, value }
}

/** Its nodes are read too: a constant within them could lie outside of the file. */
function readFunction(bytes: Uint8Array, budget: Budget): string {
  let name = ''
  let domain = ''
  readMessage(bytes, 'a function', {
    1: (reader, wire) => (name = takeText(reader, wire)),
    7: (reader, wire) => void readNode(takeBytes(reader, wire), budget, 0),
    10: (reader, wire) => (domain = takeText(reader, wire))
  })
  return `${domain}:${name}`
}
