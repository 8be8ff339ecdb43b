import { elementTypes, type OnnxElement, type OnnxFileTensor } from './shape'
import { doublesInto, floatsInto, integersInto, OnnxFault, readMessage, takeBytes, takeInteger, takeText } from './wire'

/** Most elements of a constant: what fits a file of the largest size that is read. */
const mostElements = 2 ** 30
const mostDimensions = 64

const widths: Partial<Record<OnnxElement, number>> = {
  float: 4,
  uint8: 1,
  int8: 1,
  uint16: 2,
  int16: 2,
  int32: 4,
  int64: 8,
  bool: 1,
  float16: 2,
  double: 8,
  uint32: 4,
  uint64: 8,
  bfloat16: 2
}
/** How values look in raw bytes: little-endian whatever the machine. */
const fromRaw: Partial<Record<OnnxElement, (view: DataView, at: number) => number>> = {
  float: (view, at) => view.getFloat32(at, true),
  double: (view, at) => view.getFloat64(at, true),
  int64: (view, at) => Number(view.getBigInt64(at, true)),
  uint64: (view, at) => Number(view.getBigUint64(at, true)),
  int32: (view, at) => view.getInt32(at, true),
  uint32: (view, at) => view.getUint32(at, true),
  int16: (view, at) => view.getInt16(at, true),
  uint16: (view, at) => view.getUint16(at, true),
  int8: (view, at) => view.getInt8(at),
  uint8: (view, at) => view.getUint8(at),
  bool: (view, at) => view.getUint8(at)
}

/** @throws OnnxFault for data outside of the file, and where dimensions and data do not agree: both name the tensor */
export function readTensor(bytes: Uint8Array): OnnxFileTensor {
  const dimensions: number[] = []
  const numbers: number[] = []
  const texts: Uint8Array[] = []
  let name = ''
  let type = 0
  let raw: Uint8Array | undefined
  let isOutside = false
  readMessage(bytes, 'a constant', {
    1: integersInto(dimensions),
    2: (reader, wire) => (type = takeInteger(reader, wire)),
    4: floatsInto(numbers),
    5: integersInto(numbers),
    6: (reader, wire) => texts.push(takeBytes(reader, wire)),
    7: integersInto(numbers),
    8: (reader, wire) => (name = takeText(reader, wire)),
    9: (reader, wire) => (raw = takeBytes(reader, wire)),
    10: doublesInto(numbers),
    11: integersInto(numbers),
    13: (reader, wire) => {
      takeBytes(reader, wire)
      isOutside = true
    },
    14: (reader, wire) => {
      if (takeInteger(reader, wire) !== 0) isOutside = true
    }
  })
  const named = name === '' ? 'a constant without a name' : `the constant "${name.slice(0, 100)}"`
  if (isOutside)
    throw new OnnxFault(
      `${named} keeps its values in another file (external data), which is never opened`,
      'Save the model again with its values inside: onnx.save without save_as_external_data.'
    )
  const element = elementTypes[type as keyof typeof elementTypes] ?? 'other'
  const size = sizeOf(dimensions, named)
  const held = raw ? raw.byteLength / (widths[element] ?? 1) : element === 'string' ? texts.length : numbers.length
  // Narrow types lie in int32_data two or more to a number or one each, depending on the type; those are left to the runtime.
  if (widths[element] !== undefined || element === 'string') {
    if (held !== size) throw new OnnxFault(`${named} says that it has ${size} values (${dimensions.join(' x ')}), and has ${held}`)
  }
  const values = (): number[] | string[] => {
    if (element === 'string') return texts.map((text) => Buffer.from(text).toString('utf8'))
    const read = fromRaw[element]
    if (!read) throw new Error(`values of the type ${element} are not read`)
    if (!raw) return numbers
    const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength)
    return Array.from({ length: size }, (_, index) => read(view, index * widths[element]!))
  }
  return { name, element, dimensions, size, values }
}

function sizeOf(dimensions: readonly number[], named: string): number {
  if (dimensions.length > mostDimensions || dimensions.some((length) => length < 0))
    throw new OnnxFault(`${named} has dimensions that cannot be (${dimensions.slice(0, 8).join(' x ')})`)
  const size = dimensions.reduce((product, length) => product * length, 1)
  if (size > mostElements) throw new OnnxFault(`${named} says that it has ${size} values; at most ${mostElements} can be`)
  return size
}
