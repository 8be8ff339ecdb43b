import { basename, extname } from 'node:path'
import { mostKnown, readDecisions } from '../bundle-format'

type Found = Awaited<ReturnType<typeof readDecisions>>[number]

/**
 * The decisions in earlier exports of a version, each once, with the file under which the next export carries it. What is not there any more,
 * or does not hold, is not known.
 * @param paths of the earlier exports
 */
export async function earlierDecisions(paths: readonly string[]): Promise<Found[]> {
  const found = new Map<string, Found>()
  const names = new Set<string>()
  for (const path of paths) {
    for (const each of await readDecisions(path)) {
      if (found.has(each.known.sha256) || found.size >= mostKnown) continue
      const file = freeName(each.file, names)
      names.add(file.toLowerCase())
      found.set(each.known.sha256, { ...each, file })
    }
  }
  return [...found.values()]
}

/** Two exports may have decisions of one name. */
function freeName(file: string, taken: ReadonlySet<string>): string {
  const stem = basename(file, '.dsse.json')
  for (let number = 1; ; number++) {
    const name = `attestations/${stem}${number === 1 ? '' : `-${number}`}.dsse${extname(file)}`
    if (!taken.has(name.toLowerCase())) return name
  }
}
