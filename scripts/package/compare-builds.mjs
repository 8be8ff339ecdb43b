#!/usr/bin/env node
/**
 * `node scripts/package/compare-builds.mjs A B`: what differs between two builds of one commit, files or `dist` folders, down to the files
 * inside of their packages. Ends with 0 when nothing differs but what `resources/decisions/0028-evidence-of-a-release.md` allows, else with 1.
 */
import { tsImport } from 'tsx/esm/api'

const [one, other] = process.argv.slice(2)
if (!one || !other) {
  console.error('Say which two builds: node scripts/package/compare-builds.mjs A B')
  process.exit(2)
}
const { compareBuilds, mayDiffer } = await tsImport('./compare/index.ts', import.meta.url)
const differences = compareBuilds(one, other)
const unexpected = differences.filter(({ place }) => !mayDiffer(place))
for (const { place, what } of differences) console.log(`${mayDiffer(place) ? 'may differ' : 'DIFFERS   '} ${place}: ${what.slice(0, 300)}`)
console.log(`${unexpected.length} differences, and ${differences.length - unexpected.length} that may be`)
process.exitCode = unexpected.length > 0 ? 1 : 0
