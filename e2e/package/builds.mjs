/** The releases that the test needs: two by the right key, and what looks like one and is not. */
import { closeSync, copyFileSync, cpSync, openSync, readFileSync, readSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { register } from 'tsx/esm/api'
import { run, seconds } from '../../scripts/terminal.mjs'

const passphrase = 'a passphrase of a test'

/** A key pair as files. */
async function makeKey(format, folder, name) {
  const made = await format.generateSigningKey({ passphrase })
  const files = { file: join(folder, `${name}.pem`), publicFile: join(folder, `${name}.pub.pem`) }
  writeFileSync(files.file, made.privateKeyPem, { mode: 0o600 })
  writeFileSync(files.publicFile, made.publicKeyPem)
  return files
}

async function buildVersion(folder, version, key) {
  const started = Date.now()
  const out = join(folder, version)
  const args = ['scripts/package.mjs', '--version', version, '--release-key', key.file, '--test-runtime', '--out', out]
  const code = await run(process.execPath, args, { env: { ...process.env, DRYDOCK_PASSPHRASE: passphrase } })
  if (code !== 0) throw new Error(`Version ${version} could not be packaged.`)
  const base = join(out, `drydock-${version}-linux-x64`)
  const build = {
    version,
    release: join(out, `release-${version}-linux-x64`),
    update: `${base}.drydock-update`,
    archive: `${base}.tar.gz`,
    debian: join(out, `drydock_${version}_amd64.deb`)
  }
  console.log(`Version ${version}: ${seconds(started)}; ${sizes(build)}`)
  return build
}

/** The update once more, whole and signed, but by somebody else. */
async function signAnew(format, release, folder, key) {
  const copy = join(folder, 'signed-anew')
  cpSync(release, copy, { recursive: true })
  rmSync(join(copy, 'model.sig'))
  await format.signDirectory(copy, { key: await format.loadPrivateKey(readFileSync(key.file, 'utf8'), passphrase) })
  await format.packBundle(copy, join(folder, 'stranger.drydock-update'))
  rmSync(copy, { recursive: true })
}

/**
 * Makes release keys and the packages of both versions into `folder`, and what an attacker would offer in their place:
 * the newer update with one bit changed, and one that is whole but signed by another key.
 */
export async function makeReleases(folder, [older, newer]) {
  register()
  const format = await import('../../main/core/bundle-format/index.ts')
  const [key, strange] = [await makeKey(format, folder, 'release'), await makeKey(format, folder, 'stranger')]
  const releases = { older: await buildVersion(folder, older, key), newer: await buildVersion(folder, newer, key) }
  const tampered = join(folder, 'tampered.drydock-update')
  flipOneBit(releases.newer.update, tampered)
  await signAnew(format, releases.newer.release, folder, strange)
  return { ...releases, tampered, stranger: join(folder, 'stranger.drydock-update'), publicKey: key.publicFile }
}

const sizes = (build) =>
  ['debian', 'archive', 'update'].map((kind) => `${kind} ${(statSync(build[kind]).size / 2 ** 20).toFixed(1)} MiB`).join(', ')

/** A copy in which one bit of the middle is another one. */
function flipOneBit(from, to) {
  copyFileSync(from, to)
  const file = openSync(to, 'r+')
  const byte = Buffer.alloc(1)
  const place = Math.floor(statSync(to).size / 2)
  readSync(file, byte, 0, 1, place)
  writeSync(file, Buffer.of(byte[0] ^ 1), 0, 1, place)
  closeSync(file)
}
