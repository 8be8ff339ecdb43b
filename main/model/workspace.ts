import { z } from 'zod'
import { personRoles } from './choice-words'
import { Sha256, PersonId } from './reference'

/** The workspace format this program writes; a folder with a larger number is refused. */
export const WORKSPACE_FORMAT = 1

export const WorkspaceName = z.string().trim().min(1, 'Give the workspace a name.').max(120)

/** `drydock.json` at the root of every workspace folder. */
export const WorkspaceFile = z.object({
  format: z.literal('drydock.workspace'),
  version: z.number().int().positive(),
  id: z.string().min(1),
  name: WorkspaceName,
  createdAt: z.string(),
  /** Set in the sample workspace: its people are demo identities and every screen and document says so. */
  sample: z.boolean().default(false)
})
export type WorkspaceFile = z.infer<typeof WorkspaceFile>

export const WorkspaceSummary = WorkspaceFile.extend({
  directory: z.string(),
  /** Not trusted by this person on this machine: it can be read, exported and reviewed, and nothing in it runs or goes on. */
  restricted: z.boolean()
})
export type WorkspaceSummary = z.infer<typeof WorkspaceSummary>

export const RecentWorkspace = z.object({
  /** By which the window opens it and takes it off the list. */
  id: z.string(),
  directory: z.string(),
  name: z.string(),
  openedAt: z.string(),
  /** False when the folder is gone or not reachable now. */
  available: z.boolean()
})
export type RecentWorkspace = z.infer<typeof RecentWorkspace>

export const ThemeChoice = z.enum(['system', 'light', 'dark', 'contrast'])
export type ThemeChoice = z.infer<typeof ThemeChoice>
export const Preferences = z.object({ theme: ThemeChoice.default('system'), reopenLast: z.boolean().default(true) })
export type Preferences = z.infer<typeof Preferences>
/** A change of some preferences; without defaults, so that what is not named stays. */
export const PreferencesChange = z.object({ theme: ThemeChoice.optional(), reopenLast: z.boolean().optional() })

export const Role = z.enum(personRoles)
export type Role = z.infer<typeof Role>
/** Authors were called analysts in workspaces of version 0.1. */
export const RoleWord = z.union([Role, z.literal('analyst').transform((): Role => 'author')])

/** A signing key known to this workspace. The private half is a passphrase-protected file that never enters the ledger. */
export const PersonKey = z.object({
  fingerprint: Sha256,
  publicPem: z.string(),
  createdAt: z.string(),
  /** True when the private key file is on this machine, the key was not retired and its holder did not leave. */
  usable: z.boolean(),
  privateKeyPath: z.string().nullable(),
  /** What it signed before stays; it signs nothing more. */
  retiredAt: z.string().optional()
})
export type PersonKey = z.infer<typeof PersonKey>

export const PersonInput = z.object({
  name: z.string().trim().min(1, 'Give the printed name that signatures will carry.').max(120),
  title: z.string().trim().max(120).default(''),
  email: z.string().trim().max(200).default(''),
  roles: z.array(RoleWord).min(1, 'Choose at least one role.')
})
export type PersonInput = z.infer<typeof PersonInput>

/** A human with roles and keys; never an account of the operating system. */
export const Person = PersonInput.extend({
  id: PersonId,
  demo: z.boolean(),
  current: z.boolean(),
  createdAt: z.string(),
  keys: z.array(PersonKey),
  /** The passphrase of a key was given: decisions are signed without asking again, until somebody else takes over or the workspace is closed. */
  unlocked: z.literal(true).optional(),
  /** Stays in the record and acts no more. */
  leftAt: z.string().optional()
})
export type Person = z.infer<typeof Person>

/** One line of the append-only record: who did what, when, to which hashes. Each entry carries the hash of the one before. */
export const AuditEvent = z.object({
  index: z.number().int(),
  at: z.string(),
  actor: z.string(),
  action: z.string(),
  subject: z.string(),
  detail: z.record(z.string(), z.unknown()),
  previous: z.string(),
  hash: z.string()
})
export type AuditEvent = z.infer<typeof AuditEvent>

/** What an event says of the thing it is about; events of earlier versions had it as the detail itself. */
export const eventFacts = ({ detail }: Pick<AuditEvent, 'detail'>): Record<string, unknown> => ({
  ...detail,
  ...(typeof detail.after === 'object' ? detail.after : {})
})
