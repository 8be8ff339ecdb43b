import { z } from 'zod'
import { isPlainText } from './plain-text'

/** Colours of the classification banner. */
export const bannerTones = ['grey', 'green', 'blue', 'purple', 'yellow', 'orange', 'red'] as const

/** Ground and text of each, the same in every theme and on paper, with a contrast of at least 7. */
export const bannerColours: Record<(typeof bannerTones)[number], { ground: string; text: string }> = {
  grey: { ground: '#3f4650', text: '#ffffff' },
  green: { ground: '#0f5c30', text: '#ffffff' },
  blue: { ground: '#0b4a99', text: '#ffffff' },
  purple: { ground: '#5b2a86', text: '#ffffff' },
  yellow: { ground: '#ffe14d', text: '#14171a' },
  orange: { ground: '#ff9a2e', text: '#14171a' },
  red: { ground: '#a3161b', text: '#ffffff' }
}

export const Classification = z.strictObject({
  text: z
    .string()
    .trim()
    .min(1, 'give the words of the banner')
    .max(80, 'has more than 80 characters, which no window shows in one line')
    .refine((text) => isPlainText(text), 'has control or direction characters')
    .describe('The words of the banner.'),
  tone: z.enum(bannerTones).default('grey').describe('Its colour.')
})
export type Classification = z.infer<typeof Classification>

/** The start of an absolute path, also of another system, or of one in the home of whoever is at the computer. */
const absoluteStart = /^(?:\/|~(?:[/\\]|$)|[A-Za-z]:[\\/]|\\\\)/
const AbsolutePath = z
  .string()
  .trim()
  .min(1, 'give a path')
  .max(4_096)
  .refine((path) => absoluteStart.test(path), 'is no absolute path; begin it with /, a drive, or ~ for the home folder of each user')
  .refine((path) => isPlainText(path), 'has control or direction characters')

/** How much of logs is kept unless the administrator says otherwise, MiB. */
export const LOGS_KEPT_MIB = 10

/** What an administrator settles for everybody at a computer, as a YAML document. Version 1. */
export const MachineSettingsFile = z.strictObject({
  schema: z.literal('drydock.machine/1'),
  version: z.literal(1),
  name: z
    .string()
    .trim()
    .min(1, 'give a name')
    .max(200)
    .refine((text) => isPlainText(text), 'has control or direction characters')
    .describe('What these settings are called where they are shown.'),
  allowedFolders: z
    .array(AbsolutePath)
    .min(1, 'name at least one folder, or leave the setting out')
    .max(100)
    .optional()
    .describe('Workspaces are opened and made, and files read and written, only below these folders; private keys may lie elsewhere.'),
  trustFiles: z
    .array(AbsolutePath)
    .min(1, 'name at least one file, or leave the setting out')
    .max(20)
    .optional()
    .describe('Trust documents that count for everybody here, besides what a person gives.'),
  tracking: z.literal('off').optional().describe('No program may log runs to Drydock from outside.'),
  scriptSteps: z.literal('off').optional().describe('No step and no command starts a program of somebody else.'),
  classification: Classification.optional().describe('A banner above and below every screen and printed page.'),
  updates: z
    .enum(['administrator', 'user', 'off'])
    .optional()
    .describe('Who brings a new version: the administrator, each user for themselves (the default), or nobody.'),
  logs: z
    .strictObject({
      folder: AbsolutePath.optional().describe('Where logs go; each user has a file of their own there.'),
      keepMiB: z.number().int().min(1).max(10_000).default(LOGS_KEPT_MIB).describe('How much is kept for each user, MiB.')
    })
    .optional()
    .describe('Where logs go and how much is kept.')
})
export type MachineSettingsFile = z.infer<typeof MachineSettingsFile>

/** The settings in force, whether a file gave them or not. */
export const MachineSettings = z.object({
  /** Where the file is, or would be. */
  file: z.string(),
  /** What the file calls itself; null where there is none. */
  name: z.string().nullable(),
  /** Null where every folder is allowed. */
  allowedFolders: z.array(z.string()).nullable(),
  trustFiles: z.array(z.string()),
  tracking: z.enum(['off', 'allowed']),
  scriptSteps: z.enum(['off', 'allowed']),
  classification: Classification.nullable(),
  updates: z.enum(['administrator', 'user', 'off']),
  logs: z.object({ folder: z.string().nullable(), keepMiB: z.number() })
})
export type MachineSettings = z.infer<typeof MachineSettings>

/** One setting for people: what it is, how it stands, and whether the administrator has settled it. */
export interface SettingWords {
  label: string
  value: string
  isLocked: boolean
}

/** The settings in words, in their order; where none is locked nothing is different from a computer without a file. */
export function describeSettings(settings: MachineSettings): SettingWords[] {
  const { allowedFolders, trustFiles, tracking, scriptSteps, classification, updates, logs } = settings
  const row = (label: string, isLocked: boolean, value: string): SettingWords => ({ label, value, isLocked })
  return [
    row('Allowed folders', allowedFolders !== null, allowedFolders?.join(', ') ?? 'all'),
    row(
      'Trust files',
      trustFiles.length > 0,
      trustFiles.length > 0 ? `${trustFiles.join(', ')}, besides those that you give` : 'those that you give'
    ),
    row('Programs of script steps', scriptSteps === 'off', scriptSteps === 'off' ? 'not started' : 'start when you allow them'),
    row('Tracking from outside', tracking === 'off', tracking === 'off' ? 'off' : 'this version has none'),
    row('Classification', classification !== null, classification?.text ?? 'none'),
    row(
      'New versions',
      updates !== 'user',
      { administrator: 'brought by the administrator', user: 'by each user, from a file', off: 'not taken' }[updates]
    ),
    row(
      'Logs',
      logs.folder !== null || logs.keepMiB !== LOGS_KEPT_MIB,
      `${logs.folder ?? 'in your own folder'}, at most ${logs.keepMiB} MiB for each user`
    )
  ]
}
