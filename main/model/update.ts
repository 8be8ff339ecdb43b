import { z } from 'zod'
import { Sha256 } from './reference'

/** Who may put a new version in place on this machine: each user, the administrator, nobody. */
export const UpdateRule = z.enum(['user', 'administrator', 'off'])
export type UpdateRule = z.infer<typeof UpdateRule>

/** For whom an update is applied: for this user, without administrator rights, or for everybody by the package manager. */
export const UpdateFor = z.enum(['me', 'machine'])
export type UpdateFor = z.infer<typeof UpdateFor>

/** One thing that was looked at before an update. */
export const UpdateFinding = z.object({
  id: z.enum(['signature', 'signer', 'release', 'platform', 'version', 'workspaces', 'program']),
  status: z.enum(['pass', 'warn', 'fail', 'info']),
  title: z.string(),
  /** What was found; of one that fails also what it means and the next step. */
  detail: z.string()
})
export type UpdateFinding = z.infer<typeof UpdateFinding>

/** What a new version does with a workspace that this user knows. */
export const WorkspaceUnderUpdate = z.object({
  name: z.string(),
  directory: z.string(),
  /**
   * `migrates`: its ledger is brought to the new format when it is opened; programs before cannot open it then. The new version cannot open
   * one that is `too-old` or `too-new`.
   */
  effect: z.enum(['migrates', 'stays', 'too-old', 'too-new', 'unknown']),
  /** Format of its ledger now; null where it could not be read. */
  format: z.number().int().nullable()
})
export type WorkspaceUnderUpdate = z.infer<typeof WorkspaceUnderUpdate>

const ProgramVersion = z.object({ version: z.string(), commit: z.string().nullable(), ledgerFormat: z.number().int() })
/** Whose signature it is. */
const Signer = z.object({ name: z.string(), fingerprint: Sha256 })
const NewVersion = ProgramVersion.extend({ builtAt: z.string(), platform: z.string() })

/** Whether a way of applying is open, and if not, why. */
const UpdateWay = z.object({ for: UpdateFor, open: z.boolean(), text: z.string() })

/** What a check of an update file came to. */
export const UpdateReport = z.object({
  path: z.string(),
  verdict: z.enum(['may-apply', 'nothing-to-do', 'refused']),
  summary: z.string(),
  from: ProgramVersion,
  /** Null unless a trusted key signed what it says. */
  to: NewVersion.nullable(),
  signer: Signer.nullable(),
  /** A key that takes over with this release, by a statement that the former one signed. */
  newKey: Signer.nullable(),
  findings: z.array(UpdateFinding),
  /** What changes, Markdown of the release; empty unless a trusted key signed it. */
  changes: z.string(),
  workspaces: z.array(WorkspaceUnderUpdate),
  ways: z.array(UpdateWay)
})
export type UpdateReport = z.infer<typeof UpdateReport>

/** A backup that was made before a version was put in place. */
export const UpdateBackup = z.object({ workspace: z.string(), directory: z.string(), path: z.string() })
export type UpdateBackup = z.infer<typeof UpdateBackup>

/** What applying an update has done, or asks the administrator to do. */
export const UpdateResult = z.object({
  for: UpdateFor,
  version: z.string(),
  from: z.string(),
  /** Folder of the new version, or the package that the administrator installs. */
  path: z.string(),
  /** To be run by the administrator; null where nothing more is needed. */
  command: z.string().nullable(),
  /** Folder of the backups that were made before; null where none was asked for. */
  backups: z.string().nullable(),
  workspaces: z.array(UpdateBackup)
})
export type UpdateResult = z.infer<typeof UpdateResult>

/** What going back has done. */
export const UpdateReturn = z.object({
  from: z.string(),
  to: z.string(),
  /** Workspaces that the version before cannot open any more, each with the backup that was made before it was migrated. */
  restore: z.array(UpdateBackup)
})
export type UpdateReturn = z.infer<typeof UpdateReturn>

/** One act on the versions of a user. */
export const UpdateAct = z.object({
  at: z.string(),
  act: z.enum(['applied', 'handed-over', 'went-back', 'removed']),
  version: z.string(),
  from: z.string(),
  by: z.string(),
  signer: z.string().nullable()
})
export type UpdateAct = z.infer<typeof UpdateAct>

/** The versions of this user, and who may change them. */
export const UpdateState = z.object({
  version: z.string(),
  commit: z.string().nullable(),
  builtAt: z.string().nullable(),
  /** False in a checkout, which git updates. */
  packaged: z.boolean(),
  rule: UpdateRule,
  /** Where the administrator has set it; null where nobody has. */
  ruleFrom: z.string().nullable(),
  keys: z.array(Signer.extend({ from: z.enum(['program', 'rotation']), retiredFrom: z.string().nullable() })),
  folder: z.string(),
  versions: z.array(
    z.object({
      version: z.string(),
      place: z.enum(['user', 'machine']),
      running: z.boolean(),
      /** The one that starts the next time. */
      next: z.boolean(),
      appliedAt: z.string().nullable(),
      by: z.string().nullable()
    })
  ),
  /** To which version "back" leads; null where there is none. */
  back: z.string().nullable(),
  acts: z.array(UpdateAct)
})
export type UpdateState = z.infer<typeof UpdateState>
