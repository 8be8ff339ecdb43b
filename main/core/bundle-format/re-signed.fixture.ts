import { dirname, join } from 'node:path'
import { mkdirSync, writeFileSync } from 'node:fs'
import { openBundle } from './open-bundle'
import { freshFolder, newKey, publicPem } from './sample-bundle.fixture'
import { signDirectory } from './sign-directory'

/** What a signer who lies makes of a bundle: a folder with other files in it, signed anew. A file that becomes null is left out. */
export async function signAltered(
  path: string,
  change: Readonly<Record<string, ((text: string) => string) | null>>
): Promise<{ path: string; publicKeyPem: string }> {
  const folder = join(freshFolder(), 'altered')
  const bundle = await openBundle(path)
  for (const { name } of bundle.list()) {
    const made = change[name]
    if (made === null || name === 'model.sig' || name.startsWith('attestations/')) continue
    const bytes = await bundle.read(name)
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), made ? made(bytes.toString('utf8')) : bytes)
  }
  await bundle.close()
  const key = newKey()
  await signDirectory(folder, { key })
  return { path: folder, publicKeyPem: publicPem(key) }
}
