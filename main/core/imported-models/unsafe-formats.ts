import { describeSkops, readSkops } from './describe-skops'
import { refuse } from './refuse'

interface UnsafeFormat {
  name: string
  /** How to make of it what can be taken in. */
  convert: string
}
const pickle: UnsafeFormat = {
  name: 'a Python pickle (also joblib, cloudpickle, dill)',
  convert: 'Load it where it was made and write ONNX: skl2onnx.to_onnx for scikit-learn, onnxmltools for LightGBM and XGBoost.'
}
const formats = {
  torch: {
    name: 'a PyTorch file, which is a zip with a pickle in it',
    convert: 'Load it where it was made and call torch.onnx.export with dynamic_axes for the rows.'
  },
  zip: { name: 'a zip archive', convert: 'Take the .onnx file out of it and bring that.' },
  skops: {
    name: 'a skops file',
    convert: 'Load it with skops where its types are trusted and write ONNX with skl2onnx.to_onnx.'
  },
  r: {
    name: 'an R file (.rds or .RData), which can hold code',
    convert:
      'R has no writer of ONNX: save a booster in its own format (xgb.save, lgb.save) and convert it with onnxmltools in Python, or write the coefficients of a linear model as ONNX.'
  },
  h2o: {
    name: 'an H2O model (MOJO)',
    convert: 'Convert it with onnxmltools.convert_h2o.'
  },
  hdf5: {
    name: 'an HDF5 file, as Keras writes it',
    convert: 'Load it where it was made and write ONNX with tf2onnx or model.export(format="onnx").'
  },
  keras: {
    name: 'a Keras file, which can hold code',
    convert: 'Load it where it was made and write ONNX with model.export(format="onnx").'
  },
  compressed: {
    name: 'a compressed file (gzip, bzip2, xz or zlib), as joblib, R and pickles are often kept',
    convert: 'Convert the model to ONNX where it was made (skl2onnx, onnxmltools, torch.onnx.export) and bring that file.'
  }
} satisfies Record<string, UnsafeFormat>

const startsWith = (bytes: Uint8Array, ...head: number[]): boolean => head.every((byte, index) => bytes[index] === byte)
const text = (bytes: Uint8Array): string => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')

/**
 * What a file is that would have to be loaded by running code, or is no ONNX for other plain reasons; undefined for all else. It is told by
 * its bytes, not by its name, and never opened further; of a skops file the plain list of its types is read.
 * Sources: pickletools (protocols 0 to 5), PKWARE APPNOTE 4.3.7, R Internals 1.8, HDF5 File Format 3.0.
 */
export function unsafeFormatOf(bytes: Uint8Array): UnsafeFormat | undefined {
  if (startsWith(bytes, 0x50, 0x4b, 0x03, 0x04)) return zipFormat(bytes)
  if (startsWith(bytes, 0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a)) return formats.hdf5
  if (startsWith(bytes, 0x1f, 0x8b) || startsWith(bytes, 0x42, 0x5a, 0x68) || startsWith(bytes, 0xfd, 0x37, 0x7a, 0x58, 0x5a))
    return formats.compressed
  if (startsWith(bytes, 0x78) && [0x01, 0x5e, 0x9c, 0xda].includes(bytes[1] ?? 0)) return formats.compressed
  const head = text(bytes.subarray(0, 16))
  if (/^(RD[XAB][23]\n)?[XAB]\n/.test(head) && !/^[XAB]\n$/.test(head)) return formats.r
  return isPickle(bytes) ? pickle : undefined
}

/** Protocol 2 to 5 says so in its first bytes; the older ones are texts of opcodes that end with a full stop. */
function isPickle(bytes: Uint8Array): boolean {
  if (bytes[0] === 0x80 && (bytes[1] ?? 0) >= 2 && (bytes[1] ?? 0) <= 5) return true
  return bytes.at(-1) === 0x2e && /^(c[\w.]+\n[\w.]+\n|\(d|\(l|\(c[\w.]+\n|\]q|\}q)/.test(text(bytes.subarray(0, 200)))
}

/** The names of its members lie in plain text at both ends of an archive. */
function zipFormat(bytes: Uint8Array): UnsafeFormat {
  const names = text(bytes.subarray(0, 4096)) + text(bytes.subarray(Math.max(0, bytes.length - 65_536)))
  if (/data\.pkl|archive\/version|\/constants\.pkl/.test(names)) return formats.torch
  if (/config\.json/.test(names) && /model\.weights\.h5/.test(names)) return formats.keras
  if (/model\.ini/.test(names) && /domains\/|experimental\/modelDetails/.test(names)) return formats.h2o
  if (/schema\.json/.test(names)) return formats.skops
  return /\.(pkl|pickle|joblib)/.test(names) ? pickle : formats.zip
}

/** @throws WorkbenchError INVALID_INPUT for a file that would have to be loaded by running code: it names the format and the way to convert */
export function assertSafeFormat(bytes: Uint8Array, name: string): void {
  const found = unsafeFormatOf(bytes)
  if (!found) return
  // The one of them that says in plain text what is in it.
  const contents = found === formats.skops ? readSkops(bytes) : undefined
  refuse(
    `"${name}" is ${found.name}. ${contents ? `${describeSkops(contents)} ` : ''}Such files are never opened here, because reading one can run code. ${found.convert}`,
    { file: name, format: found.name, ...(contents && { types: contents.types, foreign: contents.foreign }) }
  )
}
