import { z } from 'zod'
import { readBundleFile, type inspectBundle } from '../core/bundles'

const Release = z.object({ schema: z.literal('drydock.release/1'), version: z.string(), platform: z.string(), commit: z.string() })
export type NamedRelease = Omit<z.infer<typeof Release>, 'schema'>

const document = 'release.json'

/** Which release of Drydock the verified files are, for a release is signed as a bundle is; undefined for every other bundle. */
export async function namedRelease({ path, files }: Awaited<ReturnType<typeof inspectBundle>>): Promise<NamedRelease | undefined> {
  const file = files.find((each) => each.path === document && each.state === 'verified')
  if (!file) return undefined
  try {
    const { schema: _, ...release } = Release.parse(JSON.parse((await readBundleFile(path, document, file.sha256)).text))
    return release
  } catch {
    // The verdict stands without its name.
    return undefined
  }
}
