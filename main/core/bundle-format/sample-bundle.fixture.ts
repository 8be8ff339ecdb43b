import { createHash, createPublicKey, generateKeyPairSync, sign } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** Everything here is written anew from the specifications and shares no code with the product, so that it can contradict it. */

const made: string[] = []
export function freshFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'drydock-bundle-'))
  made.push(folder)
  return folder
}
export function removeFolders(): void {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true })
}

export const sampleFiles: Record<string, string> = {
  'README.md': '# strike damage\n',
  'bom.cdx.json': '{"bomFormat":"CycloneDX"}',
  'card/model-card.html': '<!doctype html><p>card</p>',
  'card/model-card.json': '{"name":"strike-damage"}',
  'data/strikes.json': '{"rows":10000}',
  'evidence/evaluation.json': '{"auc":0.91}',
  'evidence/\u00fcbersicht.json': '{}',
  'lineage/code/train.ts': 'export const seed = 7\n',
  'model/model.onnx': '\u0008\u0007binary\u0000weights',
  'operate/empty.txt': '',
  'policy/gates.yaml': 'auc: 0.8\n'
}

export function writeFiles(files: Record<string, string | Buffer> = sampleFiles, folder = join(freshFolder(), 'strike-damage-1')): string {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), content)
  }
  return folder
}

export function allFiles(folder: string, prefix = ''): string[] {
  return readdirSync(join(folder, prefix)).flatMap((entry) => {
    const name = prefix ? `${prefix}/${entry}` : entry
    return statSync(join(folder, name)).isDirectory() ? allFiles(folder, name) : [name]
  })
}

export function newKey(namedCurve = 'P-256'): KeyObject {
  return generateKeyPairSync('ec', { namedCurve }).privateKey
}
export function publicPem(key: KeyObject): string {
  return (key.type === 'public' ? key : createPublicKey(key)).export({ type: 'spki', format: 'pem' }).toString()
}
export function sha256(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex')
}

/** The bytes under a DSSE signature. */
export function signedBytes(envelope: { payload: string; payloadType: string }): Buffer {
  const payload = Buffer.from(envelope.payload, 'base64')
  return Buffer.concat([Buffer.from(`DSSEv1 ${envelope.payloadType.length} ${envelope.payloadType} ${payload.length} `), payload])
}

/** Lets OpenSSL judge an ECDSA signature. */
export function opensslVerifies(digest: string, publicKeyPem: string, signed: Buffer, signature: Buffer): boolean {
  const folder = freshFolder()
  const put = (name: string, content: string | Buffer) => {
    writeFileSync(join(folder, name), content)
    return join(folder, name)
  }
  try {
    execFileSync(
      'openssl',
      ['dgst', `-${digest}`, '-verify', put('key.pem', publicKeyPem), '-signature', put('sig', signature), put('signed', signed)],
      {
        stdio: 'pipe'
      }
    )
    return true
  } catch {
    return false
  }
}

export interface RawSignature {
  mediaType: string
  verificationMaterial: Record<string, unknown>
  dsseEnvelope: { payload: string; payloadType: string; signatures: { sig: string; keyid: string }[] }
}
export function readSignature(folder: string): RawSignature {
  return JSON.parse(readFileSync(join(folder, 'model.sig'), 'utf8'))
}

export interface RawStatement {
  _type: string
  subject: { name: string; digest: { sha256: string } }[]
  predicateType: string
  predicate: {
    serialization: { method: string; hash_type: string; allow_symlinks: boolean; ignore_paths: string[] }
    resources: { name: string; algorithm: string; digest: string }[]
  }
}

/** The statement over the files of a folder, from the recipe alone. */
export function recipe(folder: string, name: string): RawStatement {
  const names = allFiles(folder)
    .filter((file) => file !== 'model.sig' && !file.startsWith('attestations/'))
    .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
  const resources = names.map((file) => ({ name: file, algorithm: 'sha256', digest: sha256(readFileSync(join(folder, file))) }))
  const root = sha256(Buffer.concat(resources.map((resource) => Buffer.from(resource.digest, 'hex'))))
  return {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name, digest: { sha256: root } }],
    predicateType: 'https://model_signing/signature/v1.0',
    predicate: {
      serialization: {
        method: 'files',
        hash_type: 'sha256',
        allow_symlinks: false,
        ignore_paths: ['model.sig', 'attestations', '.git', '.gitattributes', '.github', '.gitignore']
      },
      resources
    }
  }
}

/** A correctly signed model.sig over any statement, however hostile, as any signer could make it. */
export function forge(statement: unknown, key: KeyObject, certificates?: string[], hash = 'sha256'): RawSignature {
  const envelope = { payload: Buffer.from(JSON.stringify(statement)).toString('base64'), payloadType: 'application/vnd.in-toto+json' }
  const sig = sign(hash, signedBytes(envelope), { key, dsaEncoding: 'der' }).toString('base64')
  return {
    mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
    verificationMaterial: certificates
      ? { x509CertificateChain: { certificates: certificates.map((rawBytes) => ({ rawBytes })) }, tlogEntries: [] }
      : { publicKey: { hint: sha256(publicPem(key)) }, tlogEntries: [] },
    dsseEnvelope: { ...envelope, signatures: [{ sig, keyid: '' }] }
  }
}

export interface LeafOptions {
  keyUsage?: string
  extendedKeyUsage?: string
  curve?: string
  days?: [from: string, to: string]
  intermediate?: string
  root?: string
}
export interface MadeChain {
  key: KeyObject
  keyPem: string
  /** Leaf and intermediate. */
  chainPem: string
  rootPem: string
  intermediatePem: string
  intermediateKeyPem: string
}

/** Makes root, intermediate and leaf with the openssl command. Times are like 20240101000000Z. */
export function makeChain(privateKeyOf: (pem: string) => KeyObject, leaf: LeafOptions = {}): MadeChain {
  const folder = freshFolder()
  const path = (name: string) => join(folder, name)
  const run = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' })
  const newPair = (name: string, curve = 'P-256') =>
    run('genpkey', '-algorithm', 'EC', '-pkeyopt', `ec_paramgen_curve:${curve}`, '-out', path(`${name}.key`))
  const request = (name: string) =>
    run('req', '-new', '-key', path(`${name}.key`), '-subj', `/O=Harbour Test/CN=${name}`, '-out', path(`${name}.csr`))
  const [from, to] = leaf.days ?? ['20240101000000Z', '20440101000000Z']
  const issue = (name: string, by: string, extensions: string, start: string, end: string) => {
    writeFileSync(path('index.txt'), '')
    writeFileSync(
      path('ca.cnf'),
      `[ca]\ndefault_ca=d\n[d]\ndatabase=${path('index.txt')}\nnew_certs_dir=${folder}\nrand_serial=yes\ndefault_md=sha256\npolicy=p\nunique_subject=no\n[p]\norganizationName=optional\ncommonName=supplied\n[e]\n${extensions}\n`
    )
    const issuer = by === name ? ['-selfsign'] : ['-cert', path(`${by}.pem`)]
    run('ca', '-batch', '-notext', '-config', path('ca.cnf'), '-extensions', 'e', '-in', path(`${name}.csr`), '-out', path(`${name}.pem`),
      '-keyfile', path(`${by}.key`), '-startdate', start, '-enddate', end, ...issuer) // prettier-ignore
  }
  for (const name of ['root', 'intermediate']) newPair(name)
  newPair('signer', leaf.curve)
  for (const name of ['root', 'intermediate', 'signer']) request(name)
  issue(
    'root',
    'root',
    leaf.root ?? 'basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign',
    '20230101000000Z',
    '20530101000000Z'
  )
  issue(
    'intermediate',
    'root',
    leaf.intermediate ?? 'basicConstraints=critical,CA:TRUE,pathlen:0\nkeyUsage=critical,keyCertSign,cRLSign',
    '20230601000000Z',
    '20500101000000Z'
  )
  const usage = `keyUsage=critical,${leaf.keyUsage ?? 'digitalSignature'}\nextendedKeyUsage=${leaf.extendedKeyUsage ?? 'codeSigning'}`
  issue('signer', 'intermediate', `basicConstraints=critical,CA:FALSE\n${usage}`, from, to)
  const pem = (name: string) => readFileSync(path(`${name}.pem`), 'utf8')
  const keyPem = readFileSync(path('signer.key'), 'utf8')
  return {
    key: privateKeyOf(keyPem),
    keyPem,
    chainPem: pem('signer') + pem('intermediate'),
    rootPem: pem('root'),
    intermediatePem: pem('intermediate'),
    intermediateKeyPem: readFileSync(path('intermediate.key'), 'utf8')
  }
}

/** The base64 DER of each certificate of a PEM text. */
export function certificatesOf(pem: string): string[] {
  return [...pem.matchAll(/-----BEGIN CERTIFICATE-----([\s\S]+?)-----END CERTIFICATE-----/g)].map((match) =>
    (match[1] ?? '').replace(/\s/g, '')
  )
}
