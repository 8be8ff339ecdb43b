import { execFileSync } from 'node:child_process'
import { createPrivateKey } from 'node:crypto'
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { generateSigningKey, loadPrivateKey, openBundle, signDirectory, verifyBundle } from '../../main/core/bundle-format'
import { makeChain, removeFolders } from '../../main/core/bundle-format/sample-bundle.fixture'
import { makePythonEnvironment, type PythonEnvironment } from './python-environment'

const folder = mkdtempSync(join(tmpdir(), 'drydock-interop-'))
const bundle = join(folder, 'strike-damage-1')
const publicKey = join(folder, 'signer.pub.pem')
const passphrase = 'tide tables of the inner harbour'
let python: PythonEnvironment

beforeAll(async () => {
  python = makePythonEnvironment(['model-signing==1.1.1', 'pyOpenSSL', 'onnx', 'onnxruntime', 'pyarrow'])
  const sample = join(folder, 'sample')
  const program = join('out', 'main', 'cli.js')
  execFileSync(process.execPath, [program, 'sample', sample], { env: { ...process.env, DRYDOCK_USER_DIR: join(folder, 'user') } })
  cpSync(join(sample, 'exports', 'signer.pub.pem'), publicKey)
  const packed = await openBundle(join(sample, 'exports', 'strike-damage-1.drydock'))
  for (const { name } of packed.list()) {
    mkdirSync(dirname(join(bundle, name)), { recursive: true })
    for await (const chunk of packed.chunks(name)) appendFileSync(join(bundle, name), chunk)
  }
  await packed.close()
})
afterAll(() => {
  python?.remove()
  removeFolders()
  rmSync(folder, { recursive: true, force: true })
})

let copies = 0
/** The sample bundle under the same name in a folder of its own; without its signatures when it is to be signed anew. */
function copyBundle({ signed }: { signed: boolean }): string {
  const copy = join(folder, `copy-${++copies}`, 'strike-damage-1')
  cpSync(bundle, copy, { recursive: true })
  if (!signed) for (const name of ['model.sig', 'attestations']) rmSync(join(copy, name), { recursive: true })
  return copy
}
const alter = (directory: string): void => appendFileSync(join(directory, 'evidence', 'evaluation.json'), ' ')
const reference = (...args: string[]) => python.run('-m', 'model_signing', ...args)
const text = (path: string): string => readFileSync(path, 'utf8')
const place = (name: string, content: string): string => {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

/** Both verifiers over one directory: whole, then with one file altered, then with a file more. */
async function expectBothVerify(directory: string, byReference: string[], trust: Parameters<typeof verifyBundle>[1]): Promise<void> {
  const signature = join(directory, 'model.sig')
  const judge = () => reference('verify', ...byReference.slice(0, 1), directory, '--signature', signature, ...byReference.slice(1))
  const whole = judge()
  expect(whole.output).toMatch(/succeeded/i)
  expect(whole.code).toBe(0)
  const report = await verifyBundle(directory, trust)
  expect(report.verdict, report.summary).toBe('holds')

  alter(directory)
  const altered = judge()
  expect(altered.code).not.toBe(0)
  expect(altered.output).toMatch(/evaluation\.json|mismatch/i)
  const refused = await verifyBundle(directory, trust)
  expect(refused.verdict).not.toBe('holds')
  expect(JSON.stringify(refused)).toContain('evidence/evaluation.json')

  cpSync(join(bundle, 'evidence', 'evaluation.json'), join(directory, 'evidence', 'evaluation.json'))
  expect(judge().code).toBe(0)
  writeFileSync(join(directory, 'evidence', 'smuggled.json'), '{}')
  expect(judge().code).not.toBe(0)
  expect((await verifyBundle(directory, trust)).verdict).not.toBe('holds')
}

describe('OpenSSF model signing, reference implementation 1.1.1', () => {
  it('verifies the bundle that the sample exported and its reviewer countersigned', async () => {
    const copy = copyBundle({ signed: true })
    await expectBothVerify(copy, ['key', '--public_key', publicKey], { publicKeyPem: text(publicKey) })
  })

  it('does not verify it with another key, nor do we', async () => {
    const other = await generateSigningKey({ passphrase })
    const copy = copyBundle({ signed: true })
    const key = place('other.pub.pem', other.publicKeyPem)
    expect(reference('verify', 'key', copy, '--signature', join(copy, 'model.sig'), '--public_key', key).code).not.toBe(0)
    expect((await verifyBundle(copy, { publicKeyPem: other.publicKeyPem })).verdict).not.toBe('holds')
  })

  it('signs with a key made by us, and we verify', async () => {
    const pair = await generateSigningKey({ passphrase })
    // In plain: version 1.1.1 hands its --password on as text, which its own cryptography library refuses.
    const plain = (await loadPrivateKey(pair.privateKeyPem, passphrase)).export({ type: 'pkcs8', format: 'pem' }).toString()
    const publicPath = place('ours.pub.pem', pair.publicKeyPem)
    const copy = copyBundle({ signed: false })
    const signed = reference('sign', 'key', copy, '--signature', join(copy, 'model.sig'), '--private_key', place('ours.pem', plain))
    expect(signed.code, signed.output).toBe(0)
    await expectBothVerify(copy, ['key', '--public_key', publicPath], { publicKeyPem: pair.publicKeyPem })
  })

  it('verifies our signature with a certificate chain made by openssl', async () => {
    const chain = makeChain(createPrivateKey)
    const copy = copyBundle({ signed: false })
    await signDirectory(copy, { key: chain.key, certificateChainPem: chain.chainPem })
    const roots = place('ours-root.pem', chain.rootPem)
    await expectBothVerify(copy, ['certificate', '--certificate_chain', roots], { rootCertificatePem: chain.rootPem })
  })

  it('signs with a certificate chain, and we verify', async () => {
    const chain = makeChain(createPrivateKey)
    const copy = copyBundle({ signed: false })
    const leaf = place('leaf.pem', chain.chainPem.slice(0, chain.chainPem.length - chain.intermediatePem.length))
    const between = place('between.pem', chain.intermediatePem)
    const roots = place('their-root.pem', chain.rootPem)
    const signed = reference(
      'sign',
      'certificate',
      copy,
      '--signature',
      join(copy, 'model.sig'),
      '--private_key',
      place('leaf.key', chain.keyPem),
      '--signing_certificate',
      leaf,
      '--certificate_chain',
      between
    )
    expect(signed.code, signed.output).toBe(0)
    await expectBothVerify(copy, ['certificate', '--certificate_chain', roots], { rootCertificatePem: chain.rootPem })
    const stranger = makeChain(createPrivateKey)
    expect((await verifyBundle(copy, { rootCertificatePem: stranger.rootPem })).verdict).not.toBe('holds')
  })
})

describe('the model of the bundle in other runtimes', () => {
  it('is sound for onnx.checker and gives the recorded answers in onnxruntime for Python', () => {
    const { code, output } = python.run(join('e2e', 'conformance', 'score-sample.py'), join(bundle, 'model'))
    expect(code, output).toBe(0)
    const result = JSON.parse(output.trim().split('\n').at(-1)!) as { rows: number; largest: number; labels: number; spread: number }
    expect(result.rows).toBeGreaterThan(50)
    expect(result.spread).toBeGreaterThan(0.01)
    expect(result.largest).toBeLessThan(1e-6)
    expect(result.labels).toBe(0)
  })

  it('is refused by that check when a recorded answer is not what the model says', () => {
    const other = join(folder, 'other-model')
    cpSync(join(bundle, 'model'), other, { recursive: true })
    const outputs = readFileSync(join(other, 'sample-outputs.arrow'))
    const inputs = [
      'import sys, pyarrow as pa',
      't = pa.ipc.open_file(sys.argv[1]).read_all()',
      'p = [1 - v for v in t.column("probability").to_pylist()]',
      't = t.set_column(t.schema.get_field_index("probability"), "probability", pa.array(p))',
      'w = pa.ipc.new_file(sys.argv[1] + ".new", t.schema); w.write_table(t); w.close()'
    ].join('\n')
    expect(outputs.length).toBeGreaterThan(100)
    const changed = python.run('-c', inputs, join(other, 'sample-outputs.arrow'))
    expect(changed.code, changed.output).toBe(0)
    cpSync(join(other, 'sample-outputs.arrow.new'), join(other, 'sample-outputs.arrow'))
    const { output } = python.run(join('e2e', 'conformance', 'score-sample.py'), other)
    expect((JSON.parse(output.trim().split('\n').at(-1)!) as { largest: number }).largest).toBeGreaterThan(0.1)
  })
})
