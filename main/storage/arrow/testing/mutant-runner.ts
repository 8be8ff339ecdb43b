import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { WorkbenchError } from '../../../model/errors'
import { arrowColumns, inspectArrowFile } from '../inspect'
import { normaliseArrow } from '../normalise'
import { createScanHarness } from './scan-harness'

/**
 * Child process of the fuzz test: damages the files named in its arguments so many times and reads each mutant in every way.
 * Prints one JSON line; a native crash, a hang or a foreign error is the parent's to notice.
 */
async function main(): Promise<void> {
  const [seedText = '1', wanted = '500', ...paths] = process.argv.slice(2)
  let seed = Number(seedText) >>> 0
  const random = (limit: number): number => {
    // xorshift32
    seed ^= seed << 13
    seed >>>= 0
    seed ^= seed >>> 17
    seed ^= seed << 5
    seed >>>= 0
    return seed % limit
  }
  const harness = await createScanHarness()
  const originals = paths.map((path) => readFileSync(path))
  const extremes = [0, 1, -1, 2 ** 31 - 1, -(2 ** 31), 7, 16, 255, 65_536]
  const counts = { mutants: 0, values: 0, errors: 0, foreign: [] as string[] }
  const mutant = join(harness.folder, 'mutant.arrow')
  const output = join(harness.folder, 'output.arrow')
  while (counts.mutants < Number(wanted)) {
    const original = originals[random(originals.length)] as Buffer
    let bytes = Buffer.from(original)
    const kind = random(10)
    if (kind === 0) bytes = bytes.subarray(0, random(bytes.length))
    else if (kind === 1) {
      const at = random(bytes.length)
      bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + random(16))])
    } else
      for (let change = 0; change <= random(4); change++) {
        // the metadata is at both ends; aim there half of the time
        const span = Math.min(bytes.length, 1500)
        const at = [random(bytes.length), random(span), bytes.length - 1 - random(span)][random(3)] as number
        if (kind < 6) bytes[at] = (bytes[at] as number) ^ (1 << random(8))
        else if (at + 8 < bytes.length) {
          const word = at & ~3
          bytes.writeInt32LE((extremes[random(extremes.length)] as number) | 0, word)
        }
      }
    writeFileSync(mutant, bytes)
    process.stderr.write(`${counts.mutants}\n`)
    counts.mutants++
    const outcome = await harness.scan(mutant)
    if ('rows' in outcome) counts.values++
    else {
      counts.errors++
      // a value DuckDB itself refuses (a date too large for text) is an error of the query, not of the reader
      if (/^INTERNAL/.test(outcome.error)) counts.foreign.push(outcome.error)
    }
    // writing a file waits for the disk, so only some mutants are normalised
    const leaveOut = new Set(Array.from({ length: random(4) }, () => random(6)))
    for (const attempt of [
      () => inspectArrowFile(mutant),
      async () => arrowColumns(mutant),
      ...(random(6) === 0 ? [() => normaliseArrow(mutant, output, { leaveOut })] : [])
    ])
      await attempt().catch((error: unknown) => {
        if (!(error instanceof WorkbenchError) || error.code === 'INTERNAL')
          counts.foreign.push(String(error instanceof Error ? error.stack : error))
      })
  }
  harness.close()
  counts.foreign = [...new Set(counts.foreign)].slice(0, 5)
  process.stdout.write(`${JSON.stringify(counts)}\n`)
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
  process.exitCode = 2
})
