import { z } from 'zod'
import { MachineSettings } from './machine-settings'
import { SizedFile } from './recovery'
import { Sha256 } from './reference'

/** What is installed here and how it is set up, as people and support ask for it. */
export const ProgramFacts = z.object({
  version: z.string(),
  /** The commit that an installed program was built of; null in a checkout. */
  commit: z.string().nullable(),
  builtAt: z.string().nullable(),
  /** The folder of the program; null in a checkout. */
  programFolder: z.string().nullable(),
  userFolder: z.string(),
  logs: z.object({
    folder: z.string(),
    keepMiB: z.number(),
    /** Those of this user, newest first. */
    files: z.array(SizedFile)
  }),
  machineSettings: MachineSettings,
  /** By which releases are recognised; none in a checkout. */
  releaseKeys: z.array(z.object({ name: z.string(), fingerprint: z.string() }))
})
export type ProgramFacts = z.infer<typeof ProgramFacts>

/** A part of a diagnosis, as it is shown and written. */
export const DiagnosisFile = z.object({ name: z.string(), text: z.string() })
export type DiagnosisFile = z.infer<typeof DiagnosisFile>

/** What support asks for. The digest names it, so that what is written is what was shown. */
export const Diagnosis = z.object({ files: z.array(DiagnosisFile), digest: Sha256 })
export type Diagnosis = z.infer<typeof Diagnosis>
