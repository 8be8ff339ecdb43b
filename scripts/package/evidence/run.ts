/**
 * `tsx scripts/package/evidence/run.ts program|release OPTIONS.json`, for the scripts that package: the options are those of
 * `writeProgramEvidence` and `writeReleaseFolder`. `componentsFile` hands on what the program holds from the one to the other; the passphrase
 * of the release key stands in DRYDOCK_PASSPHRASE.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { writeProgramEvidence, writeReleaseFolder, type Component, type ReleaseFolder } from './index'

type Options = Parameters<typeof writeProgramEvidence>[0] &
  Omit<ReleaseFolder, 'components' | 'releaseKey'> & {
    componentsFile: string
    /** The file of the release key. */
    releaseKey?: string
  }

async function run([what, file]: readonly string[]): Promise<void> {
  const given = JSON.parse(readFileSync(file, 'utf8')) as Options
  const { releaseKey: path, componentsFile } = given as unknown as { releaseKey?: string; componentsFile: string }
  const releaseKey = path === undefined ? undefined : { path, passphrase: process.env.DRYDOCK_PASSPHRASE ?? '' }
  if (what === 'program') return writeFileSync(componentsFile, JSON.stringify(await writeProgramEvidence({ ...given, releaseKey })))
  const components = JSON.parse(readFileSync(componentsFile, 'utf8')) as Component[]
  const { folder, updateFile } = await writeReleaseFolder({ ...given, releaseKey, components })
  console.log(
    updateFile
      ? `Signed ${folder} and wrote ${updateFile}`
      : `Wrote ${folder}. No release key was given: it is not signed, and there is no update file.`
  )
}

run(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
})
