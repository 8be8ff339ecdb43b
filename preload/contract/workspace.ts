import { z } from 'zod'
import { workspaceShapes } from '../../main/model/commands/workspace'
import { DoctorReport, RecoveryReport } from '../../main/model/recovery'
import { RecordState } from '../../main/model/record'
import { AuditEvent, RecentWorkspace, WorkspaceName, WorkspaceSummary } from '../../main/model/workspace'
import { placeInput } from '../../main/model/place'
import { command, query, stream } from '../wire/definitions'
import { Overview } from '../../main/model/overview'

/** Progress of the sample recipe: the whole job, stage by stage. */
export const SampleProgress = z.object({
  stage: z.string(),
  title: z.string(),
  detail: z.string().default(''),
  /** 0 to 1 over the whole recipe. */
  fraction: z.number()
})
/** One new folder, named and not led to. */
const NewFolder = z
  .string()
  .min(1)
  .max(100)
  .regex(/^(?!\.{1,2}$)[^/\\:*?"<>|\0]+$/, 'A folder name has no separators.')

export const SampleResult = z.object({
  workspace: WorkspaceSummary,
  bundle: z.string(),
  publicKey: z.string(),
  report: z.string(),
  figures: z.record(z.string(), z.number()),
  seconds: z.number()
})

const Progress = z.object({ fraction: z.number().nullable(), message: z.string() })
/** A new folder inside of one that was chosen. */
const NewPlace = {
  directory: placeInput('folder'),
  folder: NewFolder
}

/** The ways back for the workspace that could not be opened last; the host knows which one that is. */
const recovery = {
  examineDamaged: stream({ input: z.object({}), item: Progress, output: DoctorReport, topics: [] }),
  repairDamaged: stream({
    input: z.object({ from: placeInput('folder').optional() }),
    item: Progress,
    output: RecoveryReport,
    topics: []
  }),
  salvageDamaged: stream({ input: z.object(NewPlace), item: Progress, output: RecoveryReport, topics: [] }),
  restoreBackup: stream({ input: z.object({ backup: placeInput('read'), ...NewPlace }), item: Progress, output: DoctorReport, topics: [] }),
  /** Opens what a repair, salvage or restore has left. */
  openMended: command({ input: z.object({}), output: WorkspaceSummary, topics: ['*'] }),
  /** Back to the first screen; nothing is changed. */
  leaveDamaged: command({ input: z.object({}), output: z.null(), topics: ['workspace'] })
}

export const workspace = {
  ...recovery,
  status: query({
    input: z.object({}),
    output: z.object({
      workspace: WorkspaceSummary.nullable(),
      /** Another program of this person that has it open, through which this window works in it. */
      holder: z.object({ pid: z.number() }).optional(),
      /** What was found missing or changed when it was opened. */
      warnings: z.array(z.string()).optional(),
      /** The workspace that could not be opened last, because it is damaged. */
      damaged: z.object({ directory: z.string(), message: z.string() }).optional()
    })
  }),
  create: command({
    /** `folder`: a new folder inside of `directory` becomes the workspace, instead of the directory itself. */
    input: z.object({ directory: placeInput('folder'), folder: NewFolder.optional(), name: WorkspaceName }),
    output: WorkspaceSummary,
    topics: ['*']
  }),
  open: command({ input: z.object({ directory: placeInput('folder') }), output: WorkspaceSummary, topics: ['*'] }),
  close: command({ input: z.object({}), output: z.null(), topics: ['*'] }),
  /** What this person lets run on this machine; an open workspace is opened anew. */
  setTrust: command({
    input: z.object({ directory: placeInput('folder'), trusted: z.boolean() }),
    output: WorkspaceSummary,
    topics: ['*']
  }),
  rename: command(workspaceShapes.rename),
  recent: query({ input: z.object({}), output: z.array(RecentWorkspace) }),
  forget: command({ input: z.object({ id: z.string() }), output: z.null(), topics: ['workspace'] }),
  /** Where the sample would be created, and whether it is there already. */
  sampleDefault: query({ input: z.object({}), output: z.object({ directory: z.string(), exists: z.boolean() }) }),
  createSample: stream({
    input: z.object({ directory: placeInput('folder') }),
    item: SampleProgress,
    output: SampleResult,
    topics: ['*']
  }),
  overview: query({
    input: z.object({}),
    output: Overview
  }),
  /** The record of who did what, newest first; and what it can say of itself. */
  events: query({
    input: z.object({ offset: z.number().int().min(0).default(0), limit: z.number().int().min(1).max(200).default(100) }),
    output: RecordState.extend({ events: z.array(AuditEvent) })
  })
}
