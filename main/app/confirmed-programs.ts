import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { z } from 'zod'
import { Sha256 } from '../model/reference'

const List = z.array(Sha256)
/** Most digests that are kept; the oldest are asked about again. */
const LIMIT = 1000

/** What a window is about to start, as the host tells it. */
export const ProgramsToStart = z.object({
  pipeline: z.string(),
  digest: Sha256,
  programs: z.array(z.object({ stepId: z.string(), command: z.string(), files: z.array(z.string()) }))
})
export type ProgramsToStart = z.infer<typeof ProgramsToStart>

const SHOWN = 12

/** What the question shows: each command with the files that are written beside it, one step a line. */
export function describePrograms({ programs }: ProgramsToStart): string {
  const lines = programs.map(
    ({ stepId, command, files }) => `${stepId}: ${plain(command)}${files.length ? ` (with ${plain(files.join(', '))})` : ''}`
  )
  const more = lines.length > SHOWN ? [`and ${lines.length - SHOWN} more; look at the pipeline before you go on.`] : []
  return [...lines.slice(0, SHOWN), ...more].join('\n')
}

/** Whatever could move or hide the text around it. */
const plain = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '\ufffd').slice(0, 400)

/**
 * Asks a person once for each version of what a pipeline starts. The answers stay in the person's own folder: a workspace that came
 * from somewhere else brings none along. A list that cannot be kept means another question, not a run.
 */
export function createProgramConfirmation(file: string, ask: (what: ProgramsToStart) => Promise<boolean>) {
  const read = (): string[] => {
    try {
      return List.parse(JSON.parse(readFileSync(file, 'utf8')))
    } catch {
      return []
    }
  }
  return async (what: ProgramsToStart): Promise<boolean> => {
    const known = read()
    if (known.includes(what.digest)) return true
    if (!(await ask(what))) return false
    try {
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, JSON.stringify([what.digest, ...read()].slice(0, LIMIT)), { mode: 0o600 })
    } catch {
      // A home that cannot be written to.
    }
    return true
  }
}
