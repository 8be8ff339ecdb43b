/** What a machine must have before anything else is worth trying, in words that say the way out. */
import { lookup } from 'node:dns/promises'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './electron-resolver.mjs'

const numbers = (version) => {
  const [major, minor = 0, patch = 0] = version.replace(/^v/, '').split('.').map(Number)
  return (major * 1000 + minor) * 1000 + patch
}

/**
 * Whether a version lies in a range of the forms that `engines` uses: `^1.2.3`, `>=1.2`, `<2`, `1`, joined by blanks and `||`.
 * @param {string} version as in process.versions.node
 * @param {string} range
 */
export function lies(version, range) {
  const found = numbers(version)
  return range.split('||').some((part) =>
    [...part.matchAll(/(\^|>=|>|<=|<|~|=)?\s*v?(\d[\d.]*|\*)/g)].every(([, sign = '=', bound]) => {
      if (bound === '*') return true
      const least = numbers(bound)
      const nextMajor = numbers(`${Number(bound.split('.')[0]) + 1}`)
      if (sign === '>=') return found >= least
      if (sign === '>') return found > least
      if (sign === '<=') return found <= least
      if (sign === '<') return found < least
      const isWhole = sign === '=' && bound.split('.').length === 3
      return isWhole ? found === least : found >= least && found < nextMajor
    })
  )
}

/** Throws when this Node is none that the project runs with. */
export function assertNode(version = process.versions.node) {
  const { engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  if (lies(version, engines.node)) return
  throw new Error(
    `This is Node ${version}, and Drydock is built and run with Node ${engines.node.replaceAll('||', 'or').replaceAll('^', '')}. Install one of these (https://nodejs.org, or your system's packages), run "npm ci" again, and try again.`
  )
}

/** A bare root has no /etc/hosts; programs that look up "localhost" then fail with words that do not say so. @returns {Promise<string | undefined>} */
export async function describeMissingLoopback(resolve = lookup) {
  try {
    await resolve('localhost')
    return undefined
  } catch {
    return `"localhost" has no address here: /etc/hosts is missing or does not name it. The app itself does not need it; scripts and tests that do will fail. To mend it: echo '127.0.0.1 localhost' >> /etc/hosts`
  }
}
