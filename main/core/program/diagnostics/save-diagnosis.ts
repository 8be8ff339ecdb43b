import { existsSync } from 'node:fs'
import { WorkbenchError } from '../../../model/errors'
import type { Diagnosis } from '../../../model/program'
import { writeContainer } from '../../bundle-format'
import { assertAllowed } from '../../machine-settings'

/**
 * Writes a diagnosis as a ZIP file, complete or not at all; one that is there stays.
 * @returns the size in bytes
 * @throws WorkbenchError CONFLICT, FORBIDDEN, DISK_FULL
 */
export async function saveDiagnosis({ files }: Diagnosis, path: string): Promise<number> {
  assertAllowed(path)
  if (existsSync(path)) throw new WorkbenchError('CONFLICT', `"${path}" exists already. Nothing was written. Choose another name.`)
  return writeContainer(
    path,
    files.map(({ name, text }) => {
      const bytes = Buffer.from(text)
      return {
        name,
        bytes: bytes.length,
        async *chunks() {
          yield bytes
        }
      }
    })
  )
}
