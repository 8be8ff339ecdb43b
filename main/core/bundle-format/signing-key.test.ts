import { execFileSync } from 'node:child_process'
import { createPrivateKey, generateKeyPairSync, sign } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { recoverPublicKey } from './key-recovery'
import { encryptPkcs8 } from './pkcs8-encryption'
import { freshFolder, newKey, publicPem, removeFolders, sha256 } from './sample-bundle.fixture'
import { fingerprintOf, generateSigningKey, loadPrivateKey, loadPublicKey } from './signing-key'

afterAll(removeFolders)
const passphrase = 'correct horse \u00e4\u00f6'

describe('a signing key', () => {
  it.each(['P-256', 'P-384', 'P-521'] as const)('on %s is made, opened again and read by openssl', async (curve) => {
    const made = await generateSigningKey({ curve, passphrase })
    expect(made.fingerprint).toBe(sha256(made.publicKeyPem))
    expect(made.publicKeyPem.endsWith('-----END PUBLIC KEY-----\n')).toBe(true)
    expect(fingerprintOf(await loadPrivateKey(made.privateKeyPem, passphrase))).toBe(made.fingerprint)
    expect(publicPem(createPrivateKey({ key: made.privateKeyPem, passphrase }))).toBe(made.publicKeyPem)
    const file = join(freshFolder(), 'key.pem')
    writeFileSync(file, made.privateKeyPem)
    const environment = { env: { ...process.env, PHRASE: passphrase } }
    expect(execFileSync('openssl', ['pkey', '-in', file, '-passin', 'env:PHRASE', '-pubout'], environment).toString()).toBe(
      made.publicKeyPem
    )
    const structure = execFileSync('openssl', ['asn1parse', '-in', file]).toString()
    for (const part of ['PBES2', 'PBKDF2', 'hmacWithSHA256', 'aes-256-cbc', '0927C0']) expect(structure).toContain(part)
  })

  it('made by openssl is opened, with its default and with other ciphers', async () => {
    const folder = freshFolder()
    const run = (...args: string[]) => execFileSync('openssl', args, { stdio: 'pipe' })
    run('genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-384', '-out', join(folder, 'plain.pem'))
    for (const options of [
      ['-v2', 'aes-256-cbc'],
      ['-v2', 'aes-128-cbc', '-v2prf', 'hmacWithSHA512'],
      ['-v2', 'aes-192-cbc', '-v2prf', 'hmacWithSHA1']
    ]) {
      run('pkcs8', '-topk8', ...options, '-passout', 'pass:longenough', '-in', join(folder, 'plain.pem'), '-out', join(folder, 'key.pem'))
      const pem = execFileSync('cat', [join(folder, 'key.pem')]).toString()
      expect((await loadPrivateKey(pem, 'longenough')).asymmetricKeyDetails?.namedCurve).toBe('secp384r1')
      await expect(loadPrivateKey(pem, 'not that one')).rejects.toMatchObject({ code: 'FORBIDDEN' })
    }
    run('pkcs8', '-topk8', '-scrypt', '-passout', 'pass:longenough', '-in', join(folder, 'plain.pem'), '-out', join(folder, 'scrypt.pem'))
    const scrypt = execFileSync('cat', [join(folder, 'scrypt.pem')]).toString()
    await expect(loadPrivateKey(scrypt, 'longenough')).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringContaining('openssl pkcs8 -topk8')
    })
    const plain = execFileSync('cat', [join(folder, 'plain.pem')]).toString()
    await expect(loadPrivateKey(plain, 'longenough')).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringContaining('not protected')
    })
  })

  it('never opens with another passphrase, also when the padding happens to fit', async () => {
    const pem = await quickKey(newKey())
    for (let number = 0; number < 600; number++)
      await expect(loadPrivateKey(pem, `wrong ${number}`)).rejects.toMatchObject({ code: 'FORBIDDEN' })
    expect((await loadPrivateKey(pem, passphrase)).type).toBe('private')
  })

  it('needs a passphrase of eight characters that is not one letter again and again', async () => {
    for (const passphrase of ['seven77', 'aaaaaaaaaaaaaaaa'])
      await expect(generateSigningKey({ passphrase })).rejects.toMatchObject({ code: 'INVALID_INPUT' })
  })

  it('of another kind is refused', async () => {
    const others = [
      generateKeyPairSync('rsa', { modulusLength: 2048 }),
      generateKeyPairSync('ed25519'),
      generateKeyPairSync('ec', { namedCurve: 'secp256k1' })
    ]
    for (const { privateKey, publicKey } of others) {
      const pem = await encryptPkcs8(privateKey.export({ type: 'pkcs8', format: 'der' }), passphrase)
      await expect(loadPrivateKey(pem, passphrase)).rejects.toMatchObject({
        code: 'INVALID_INPUT',
        message: expect.stringContaining('P-256')
      })
      expect(() => loadPublicKey(publicKey.export({ type: 'spki', format: 'pem' }).toString())).toThrow(/P-256/)
    }
    expect(() => loadPublicKey('hello')).toThrow(/no public key/)
    await expect(loadPrivateKey('hello', passphrase)).rejects.toMatchObject({ code: 'INVALID_INPUT' })
  })

  it('that is damaged is refused', async () => {
    const { privateKeyPem } = await generateSigningKey({ passphrase })
    const lines = privateKeyPem.split('\n')
    const cut = [...lines.slice(0, 2), ...lines.slice(-2)].join('\n')
    await expect(loadPrivateKey(cut, passphrase)).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringContaining('damaged')
    })
  })
})

describe('the key behind a signature', () => {
  it.each([
    ['P-256', 'sha256'],
    ['P-384', 'sha384'],
    ['P-521', 'sha512']
  ])('on %s is found by its fingerprint', async (curve, hash) => {
    for (let round = 0; round < 3; round++) {
      const key = newKey(curve)
      const message = Buffer.from(`message ${round}`)
      const signature = sign(hash, message, key)
      const found = await recoverPublicKey(message, signature, sha256(publicPem(key)))
      expect(found && publicPem(found)).toBe(publicPem(key))
      expect(await recoverPublicKey(Buffer.from('another'), signature, sha256(publicPem(key)))).toBeNull()
      expect(await recoverPublicKey(message, signature, sha256(publicPem(newKey(curve))))).toBeNull()
      for (const rubbish of [Buffer.from('rubbish'), Buffer.alloc(0), Buffer.concat([signature, Buffer.of(0)])])
        expect(await recoverPublicKey(message, rubbish, sha256(publicPem(key)))).toBeNull()
    }
  })
})

/** The same format with 100 rounds, so that many wrong passphrases can be tried. */
async function quickKey(key: ReturnType<typeof newKey>): Promise<string> {
  const folder = freshFolder()
  writeFileSync(join(folder, 'plain.pem'), key.export({ type: 'pkcs8', format: 'pem' }))
  const options = ['-v2', 'aes-256-cbc', '-v2prf', 'hmacWithSHA256', '-iter', '100', '-passout', `pass:${passphrase}`]
  return execFileSync('openssl', ['pkcs8', '-topk8', ...options, '-in', join(folder, 'plain.pem')]).toString()
}
