/** `tsx signing.ts key FOLDER NAME` makes a key pair; `tsx signing.ts anew RELEASE KEY UPDATE` signs a copy of a release by another key. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generateSigningKey, loadPrivateKey, packBundle, signDirectory } from '../../main/core/bundle-format'

const passphrase = process.env.DRYDOCK_PASSPHRASE!

async function makeKey(folder: string, name: string): Promise<void> {
  const made = await generateSigningKey({ passphrase })
  writeFileSync(join(folder, `${name}.pem`), made.privateKeyPem, { mode: 0o600 })
  writeFileSync(join(folder, `${name}.pub.pem`), made.publicKeyPem)
}

async function signAnew(release: string, keyFile: string, update: string): Promise<void> {
  const scratch = mkdtempSync(join(tmpdir(), 'drydock-signed-anew-'))
  const copy = join(scratch, 'release')
  cpSync(release, copy, { recursive: true })
  rmSync(join(copy, 'model.sig'))
  await signDirectory(copy, { key: await loadPrivateKey(readFileSync(keyFile, 'utf8'), passphrase) })
  await packBundle(copy, update)
  rmSync(scratch, { recursive: true })
}

const [what, ...given] = process.argv.slice(2)
const done = what === 'key' ? makeKey(given[0], given[1]) : signAnew(given[0], given[1], given[2])
done.catch((error: unknown) => {
  console.error(error)
  process.exitCode = 1
})
