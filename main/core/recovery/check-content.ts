import { WorkbenchError } from '../../model/errors'
import { inspectArrowFile } from '../../storage/arrow'
import { sha256File } from '../../storage/objects/durable-files'
import { formatBytes } from '../reports'
import { contentFiles, type ContentFile } from './content-files'
import type { Findings } from './findings'

export interface ContentCheck {
  /** `objects/<digest>` and `data/<digest>` of the files whose bytes are what their names say. */
  sound: Set<string>
  /** The same of those whose bytes are not. */
  damaged: Set<string>
  objects: number
  dataFiles: number
  bytes: number
}

/** Reads every file of `objects/` and `data/` once, in pieces, and holds it against its name. Throws CANCELLED. */
export async function checkContent(
  directory: string,
  findings: Findings,
  { signal, onProgress }: { signal?: AbortSignal; onProgress?(bytes: number): void } = {}
): Promise<ContentCheck> {
  const check: ContentCheck = { sound: new Set(), damaged: new Set(), objects: 0, dataFiles: 0, bytes: 0 }
  for await (const file of contentFiles(directory)) {
    if (signal?.aborted) throw new WorkbenchError('CANCELLED', 'The check was cancelled. Nothing was changed.')
    if (file.sha256 === null) {
      sayStray(file, findings)
      continue
    }
    const key = `${file.folder}/${file.sha256}`
    if (file.folder === 'data') check.dataFiles++
    else check.objects++
    const wrong = await whatIsWrong(file)
    if (wrong === null) check.sound.add(key)
    else {
      check.damaged.add(key)
      findings.damage(file.folder, `${file.folder}/${file.name}`, wrong, 'repair')
    }
    check.bytes += file.size
    onProgress?.(check.bytes)
  }
  return check
}

async function whatIsWrong(file: ContentFile): Promise<string | null> {
  try {
    if ((await sha256File(file.path)) !== file.sha256)
      return `Its bytes are not what its name says (${formatBytes(file.size)}): it was changed or cut after it was written. Do not use it; a repair fetches it from another place that holds it, or puts it aside.`
  } catch (error) {
    return `It cannot be read: ${(error as Error).message}. A repair fetches it from another place that holds it.`
  }
  if (file.folder === 'objects') return null
  try {
    await inspectArrowFile(file.path)
    return null
  } catch (error) {
    return `It has the bytes of its name, but is no readable Arrow file: ${(error as Error).message}`
  }
}

function sayStray(file: ContentFile, findings: Findings): void {
  findings.note(
    'files',
    `${file.folder}/${file.name}`,
    /\.(tmp|partial|part)$/.test(file.name)
      ? 'An unfinished write of a program that was killed. It is swept away when the workspace is opened.'
      : `No file of Drydock has such a name in ${file.folder}/. It is left alone.`
  )
}
