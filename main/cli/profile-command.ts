import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { commands } from '../core/all-commands'
import { createApplication } from '../core/application'
import { admitOwnFolder } from '../core/machine-settings'
import type { ImportResult } from '../model/dataset'
import { WorkbenchError } from '../model/errors'
import type { QualityOptions, QualityReportDetail } from '../model/quality'
import { usualTask } from '../model/tasks'
import type { CommandBody, CommandContext, Given } from './command'
import { importFile } from './import-command'
import { describeQuality } from './quality-words'
import { printByHelper } from './printing'
import { documentsGiven, sayDocuments } from './saved-documents'
import { inOwnWorkspace, inWorkspace, type WorkspaceClient } from './workspace-client'
import { importOptionsGiven, readImportOptions } from './read-import-options'

/** The report for programs: the findings and the pairwise figures stand at the top, each finding with its code. */
export const reportDocument = (detail: QualityReportDetail): Record<string, unknown> => ({
  ...detail,
  findings: detail.report.findings.map((finding) => ({ code: finding.kind, ...finding })),
  pairs: detail.profile.associations.map(({ measure, ...pair }) => ({ ...pair, method: measure }))
})

/** Imports the file into a workspace of its own, which is gone afterwards. */
async function withFile<T>(
  context: CommandContext,
  file: string,
  given: Given,
  work: (workspace: WorkspaceClient, imported: ImportResult) => Promise<T>
): Promise<T> {
  if (!existsSync(file))
    throw new WorkbenchError('NOT_FOUND', `There is no file "${file}". To profile a dataset of this name give its workspace with -w DIR.`)
  const options = readImportOptions(given, file)
  const root = await mkdtemp(join(tmpdir(), 'drydock-profile-'))
  admitOwnFolder(root)
  const app = createApplication({ userDirectory: join(root, 'user'), print: printByHelper })
  try {
    await app.createWorkspace(join(root, 'workspace'), 'profile')
    return await inOwnWorkspace(app, async (workspace) => work(workspace, await importFile(context, workspace, file, given, options)))
  } finally {
    await app.close()
    await rm(root, { recursive: true, force: true })
  }
}

async function withDataset<T>(
  context: CommandContext,
  name: string,
  given: Given,
  work: (workspace: WorkspaceClient) => Promise<T>
): Promise<T> {
  const [option] = importOptionsGiven(given)
  if (option !== undefined)
    throw new WorkbenchError(
      'INVALID_INPUT',
      `${option} says how a file is read, but with -w the dataset "${name}" is profiled, which was read when it was imported. Leave ${option} out, or leave -w out to profile a file.`
    )
  return inWorkspace(context, given.workspace, async (workspace) => {
    try {
      return await work(workspace)
    } catch (error) {
      if (!(error instanceof WorkbenchError) || error.code !== 'NOT_FOUND' || !existsSync(name)) throw error
      throw new WorkbenchError('NOT_FOUND', `${error.message} There is a file of this name: leave -w out to profile that.`, {
        details: error.details,
        cause: error
      })
    }
  })
}

function qualityOptions(given: Given, roleTarget: string | undefined): QualityOptions {
  const event = (given.event as string[] | undefined) ?? []
  const column = given.target === undefined ? roleTarget : String(given.target)
  if (event.length > 0 && column === undefined)
    throw new WorkbenchError(
      'INVALID_INPUT',
      '--event names values of the target, but no column is the target. Name it with --target COLUMN.'
    )
  return column !== undefined && (given.target !== undefined || event.length > 0)
    ? { target: { column, ...usualTask.event.ask(event) } }
    : {}
}

/** An event that the target never has would leave the report without a target, and nobody would know why. */
function assertEventFound({ target }: QualityOptions, { report, profile }: QualityReportDetail): void {
  const asked = usualTask.event.asked(target) ?? []
  const found = report.target ? usualTask.event.said(report.target) : []
  const absent = asked.find((value) => !found.includes(value))
  if (target === undefined || absent === undefined) return
  const values = profile.columns.find(({ name }) => name === target.column)?.top.map(({ value }) => `"${value}"`) ?? []
  throw new WorkbenchError(
    'INVALID_INPUT',
    `--event: "${absent}" cannot be told apart in "${target.column}", which has ${values.slice(0, 10).join(', ')}${values.length > 10 ? ' and more' : ''}. Name a value that some of its rows have and others have not.`,
    { details: { option: '--event', value: absent } }
  )
}

/** `profile`. */
export const profileData: CommandBody = async (context, [subject], given) => {
  const out = given.out === undefined ? undefined : resolve(String(given.out))
  if (out !== undefined && !/\.(html|json)$/i.test(out))
    throw new WorkbenchError(
      'INVALID_INPUT',
      `--out: "${basename(out)}" must end in .html or .json.${/\.pdf$/i.test(out) ? ' For a PDF use --pdf FILE.' : ''}`
    )
  const places = { ...documentsGiven(given), ...(out !== undefined && { [/\.html$/i.test(out) ? 'html' : 'json']: out }) }
  const check = async (workspace: WorkspaceClient, ref: string, imported?: ImportResult): Promise<void> => {
    const { columns } = imported?.version ?? (await workspace.datasets.get({ ref })).version
    const options = qualityOptions(given, columns.find(({ role }) => role === 'target')?.name)
    const detail = await workspace.do(commands.quality.run, { ref, options }, { signal: context.signal })
    assertEventFound(options, detail)
    const isKept = out !== undefined || places.pdf !== undefined
    const saved = isKept ? await workspace.do(commands.quality.save, { id: detail.id, ...places }, { signal: context.signal }) : undefined
    if (saved) sayDocuments(context, saved)
    context.output.result({ ...reportDocument(detail), ...(imported && { imported }), ...(saved && { saved }) }, [
      ...describeQuality(detail),
      ...(saved?.files.map(({ path }) => `Report: ${path}`) ?? [])
    ])
  }
  if (given.workspace === undefined)
    await withFile(context, subject, given, (workspace, imported) => check(workspace, imported.version.ref, imported))
  else await withDataset(context, subject, given, (workspace) => check(workspace, subject))
}
