import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { assertSafeFormat, unsafeFormatOf } from '.'

/** `pickle.dumps({'model': datetime.date(2026, 1, 1)}, protocol)` of Python 3.11, by protocol. */
const pickles = [
  'KGRwMApWbW9kZWwKcDEKY2RhdGV0aW1lCmRhdGUKcDIKKGNfY29kZWNzCmVuY29kZQpwMwooVgfqAQEKcDQKVmxhdGluMQpwNQp0cDYKUnA3CnRwOApScDkKcy4=',
  'fXEAWAUAAABtb2RlbHEBY2RhdGV0aW1lCmRhdGUKcQIoY19jb2RlY3MKZW5jb2RlCnEDKFgFAAAAB8OqAQFxBFgGAAAAbGF0aW4xcQV0cQZScQd0cQhScQlzLg==',
  'gAJ9cQBYBQAAAG1vZGVscQFjZGF0ZXRpbWUKZGF0ZQpxAmNfY29kZWNzCmVuY29kZQpxA1gFAAAAB8OqAQFxBFgGAAAAbGF0aW4xcQWGcQZScQeFcQhScQlzLg==',
  'gAN9cQBYBQAAAG1vZGVscQFjZGF0ZXRpbWUKZGF0ZQpxAkMEB+oBAXEDhXEEUnEFcy4=',
  'gASVKwAAAAAAAAB9lIwFbW9kZWyUjAhkYXRldGltZZSMBGRhdGWUk5RDBAfqAQGUhZRSlHMu',
  'gAWVKwAAAAAAAAB9lIwFbW9kZWyUjAhkYXRldGltZZSMBGRhdGWUk5RDBAfqAQGUhZRSlHMu'
].map((text) => Buffer.from(text, 'base64'))

/** As much of an archive as tells what it is: a local header with the name of its first member. */
const archive = (...names: string[]): Buffer =>
  Buffer.concat(
    names.map((name) =>
      Buffer.concat([Buffer.from('PK\u0003\u0004'), Buffer.alloc(22), Buffer.from([name.length, 0, 0, 0]), Buffer.from(name)])
    )
  )

describe('a file that would have to be loaded by running code', () => {
  it.each<[string, Uint8Array, RegExp]>([
    ...pickles.map((bytes, protocol): [string, Uint8Array, RegExp] => [`pickle ${protocol}`, bytes, /Python pickle.*skl2onnx/]),
    ['PyTorch', archive('model/data.pkl', 'model/version'), /PyTorch.*torch\.onnx\.export/],
    ['skops', archive('schema.json', '1.npy'), /skops/],
    ['a pickle in a zip', archive('model.joblib'), /Python pickle/],
    ['R', Buffer.from('X\n\0\0\0\u0003'), /an R file/],
    ['R of many objects', Buffer.from('RDX3\nX\n\0\0\0\u0003'), /an R file/],
    ['Keras', Buffer.from([0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a, 0]), /HDF5/],
    ['H2O', archive('model.ini', 'experimental/modelDetails.json'), /H2O/],
    ['a compressed pickle', gzipSync(pickles[4]!), /compressed file.*joblib/]
  ])('%s is named and refused, whatever it is called', (_, bytes, message) => {
    expect(() => assertSafeFormat(bytes, 'model.onnx')).toThrow(message)
    expect(() => assertSafeFormat(bytes, 'model.onnx')).toThrow(/never opened here/)
  })

  it('is described where it says in plain text what is in it: a skops file, of which nothing is loaded', () => {
    const bytes = readFileSync(join(__dirname, 'fixtures', 'pipeline.skops'))
    const refused = (): unknown => {
      try {
        return assertSafeFormat(bytes, 'model.skops')
      } catch (error) {
        return error
      }
    }
    expect(refused()).toMatchObject({
      message: expect.stringMatching(/Written by skops 0\.16\.0, it holds \d+ types, .*credit_team\.steps\.Clip.*never opened here/),
      details: { foreign: ['credit_team.steps.Clip'] }
    })
    expect((refused() as { details: { types: string[] } }).details.types).toEqual(
      expect.arrayContaining(['sklearn.linear_model._logistic.LogisticRegression', 'sklearn.pipeline.Pipeline'])
    )
    // Cut short or with sizes that lie it is refused all the same, without the list.
    for (const damaged of [bytes.subarray(0, 900), Buffer.concat([bytes.subarray(0, -6), Buffer.alloc(6, 255)])])
      expect(() => assertSafeFormat(damaged, 'model.skops')).toThrow(/skops file\. Such files|zip archive/)
  })

  it('is none of the ONNX files of other tools', () => {
    const folder = join(__dirname, 'fixtures')
    for (const name of readdirSync(folder).filter((each) => each.endsWith('.onnx')))
      expect(unsafeFormatOf(readFileSync(join(folder, name))), name).toBeUndefined()
  })
})
