/** What must not ship: source maps, fonts in an older format than WOFF2, and the same bytes twice. */
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'

const filesBelow = (folder) =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? filesBelow(join(folder, entry.name)) : [join(folder, entry.name)]
  )

/** What the program looks for beside itself. */
const needed = ['sample/birdstrikes.csv', 'guide/index.md', 'schemas/pipeline.schema.json'].map((path) =>
  join('resources', ...path.split('/'))
)

/**
 * @param {string} folder the built program
 * @returns {string[]} one line for each file that must not ship or is missing
 */
export function judgeShippedFiles(folder) {
  const faults = []
  const seen = new Map()
  for (const path of needed) if (!existsSync(join(folder, path))) faults.push(`${path} is missing`)
  for (const path of filesBelow(folder)) {
    const name = relative(folder, path).split(sep).join('/')
    const bytes = readFileSync(path)
    if (name.endsWith('.map')) faults.push(`${name} is a source map`)
    if (/\.(js|css)$/.test(name) && /\/[/*][#@] ?sourceMappingURL=\S+\.map\s*(\*\/)?\s*$/.test(bytes.toString()))
      faults.push(`${name} names a source map`)
    if (/\.(woff|ttf|otf|eot)$/.test(name)) faults.push(`${name} is a font, but not WOFF2`)
    const digest = createHash('sha256').update(bytes).digest('hex')
    if (seen.has(digest)) faults.push(`${name} is ${seen.get(digest)} again`)
    seen.set(digest, name)
  }
  return faults
}
