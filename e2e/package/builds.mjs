/** The releases that the test needs: two by the right key, and what looks like one and is not. */
import { closeSync, copyFileSync, openSync, readSync, statSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { run, runModule, seconds } from '../../scripts/terminal.mjs'

const passphrase = 'a passphrase of a test'

const env = { ...process.env, DRYDOCK_PASSPHRASE: passphrase }

async function sign(...args) {
  if ((await runModule('tsx/dist/cli.mjs', ['e2e/package/signing.ts', ...args], { env })) !== 0) throw new Error('Signing failed.')
}

async function buildVersion(folder, version, key) {
  const started = Date.now()
  const out = join(folder, version)
  const args = ['scripts/package.mjs', '--version', version, '--release-key', key, '--test-runtime', '--out', out]
  const code = await run(process.execPath, args, { env })
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

/**
 * Makes release keys and the packages of both versions into `folder`, and what an attacker would offer in their place:
 * the newer update with one bit changed, and one that is whole but signed by another key.
 */
export async function makeReleases(folder, [older, newer]) {
  for (const name of ['release', 'stranger']) await sign('key', folder, name)
  const key = join(folder, 'release.pem')
  const releases = { older: await buildVersion(folder, older, key), newer: await buildVersion(folder, newer, key) }
  const [tampered, stranger] = ['tampered', 'stranger'].map((name) => join(folder, `${name}.drydock-update`))
  flipOneBit(releases.newer.update, tampered)
  // The same release, whole and signed, but by somebody else.
  await sign('anew', releases.newer.release, join(folder, 'stranger.pem'), stranger)
  return { ...releases, tampered, stranger, publicKey: join(folder, 'release.pub.pem') }
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
