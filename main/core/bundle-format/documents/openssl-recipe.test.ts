import { execFile } from 'node:child_process'
import { createPrivateKey, generateKeyPairSync } from 'node:crypto'
import { appendFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, describe, expect, it } from 'vitest'
import { signDirectory } from '../index'
import { buildBundleDocuments } from './build-documents'
import { aBundle } from './bundle-facts.fixture'
import { makeChain, removeFolders } from '../sample-bundle.fixture'
import { certificateRecipe, opensslRecipe } from './readme'

const run = promisify(execFile)
const made: string[] = []
afterEach(async () => {
  removeFolders()
  await Promise.all(made.splice(0).map((folder) => rm(folder, { recursive: true, force: true })))
})

async function signedBundle(curve: 'P-256' | 'P-384'): Promise<{ folder: string; key: string }> {
  const root = await mkdtemp(join(tmpdir(), 'drydock-readme-'))
  made.push(root)
  const folder = join(root, 'bundle')
  const documents = new Map<string, string | Uint8Array>([
    ...(await buildBundleDocuments(aBundle())),
    ['model/model.onnx', 'model'],
    ['policy/policy.yaml', 'x']
  ])
  for (const [path, content] of documents) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), content)
  }
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: curve })
  const key = join(root, 'signer.pub.pem')
  await writeFile(key, publicKey.export({ type: 'spki', format: 'pem' }))
  await signDirectory(folder, { key: privateKey })
  await mkdir(join(folder, 'attestations'))
  await writeFile(join(folder, 'attestations', 'later.json'), '{}')
  return { folder, key }
}

/** Runs the recipe as the README prints it, with the path of the key filled in. */
async function verifyByHand(folder: string, key: string, curve: 'P-256' | 'P-384'): Promise<string> {
  const script = opensslRecipe(curve).replace('/path/to/signer.pub.pem', key)
  const { stdout, stderr } = await run('sh', ['-c', script], { cwd: folder }).catch((error: { stdout: string; stderr: string }) => error)
  return `${stdout}${stderr}`
}

describe('the recipe for a certificate', () => {
  it('has openssl judge the chain, leaves nothing in the bundle, and hands its key to the other recipe', async () => {
    const { folder } = await signedBundle('P-256')
    await rm(join(folder, 'model.sig'))
    await rm(join(folder, 'attestations'), { recursive: true })
    const chain = makeChain(createPrivateKey)
    await signDirectory(folder, { key: chain.key, certificateChainPem: chain.chainPem })
    const roots = join(folder, '..', 'root.pem')
    const judge = async (root: string) => {
      await writeFile(roots, root)
      const script = certificateRecipe().replace('/path/to/root.pem', roots)
      return run('sh', ['-c', script], { cwd: folder }).catch((error: { stdout: string; stderr: string }) => error)
    }
    const { stdout } = await judge(chain.rootPem)
    expect(stdout).toMatch(/Code Signing/)
    expect(stdout).toMatch(/leaf\.pem: OK/)
    const key = /KEY=(.+)/.exec(stdout)?.[1] ?? ''
    made.push(dirname(key))
    expect((await verifyByHand(folder, key, 'P-256')).trim().split('\n')).toEqual([
      'Verified OK',
      'every listed file is unchanged',
      'no file was added or removed'
    ])
    const stranger = await judge(makeChain(createPrivateKey).rootPem)
    made.push(dirname(/KEY=(.+)/.exec(stranger.stdout)?.[1] ?? key))
    expect(stranger.stdout).not.toMatch(/: OK/)
    expect(stranger.stderr).toMatch(/verification failed|unable to get/)
  })
})

describe('the openssl recipe of the README', () => {
  it.each(['P-256', 'P-384'] as const)('verifies a signed bundle (%s)', async (curve) => {
    const { folder, key } = await signedBundle(curve)
    expect((await verifyByHand(folder, key, curve)).trim().split('\n')).toEqual([
      'Verified OK',
      'every listed file is unchanged',
      'no file was added or removed'
    ])
  })

  it('notices a changed file, an added file and another key', async () => {
    const { folder, key } = await signedBundle('P-256')
    const other = await signedBundle('P-256')
    expect(await verifyByHand(folder, other.key, 'P-256')).not.toContain('Verified OK')
    await appendFile(join(folder, 'model', 'model.onnx'), '!')
    await writeFile(join(folder, 'extra.txt'), 'x')
    const answer = await verifyByHand(folder, key, 'P-256')
    expect(answer).toContain('model/model.onnx: FAILED')
    expect(answer).not.toContain('every listed file is unchanged')
    expect(answer).toContain('> extra.txt')
    expect(answer).not.toContain('no file was added or removed')
  })
})
