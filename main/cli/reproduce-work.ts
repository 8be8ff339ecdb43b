import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { commands } from '../core/all-commands'
import { countOf } from '../model/count-of'
import { WorkbenchError } from '../model/errors'
import type { RunId } from '../model/reference'
import type { Reproduction } from '../model/reproduction'
import { assertAllowed } from '../core/machine-settings'
import { keysIn } from '../core/people'
import { defaultUserDirectory } from '../core/user-directory'
import type { CommandBody, CommandContext, Given } from './command'
import { progressNotes } from './import-command'
import { modelNamed } from './named-model'
import { runNamed } from './named-run'
import { EXIT, type ExitCode } from './output'
import { readTrustOptions } from './read-trust-options'
import { ofVerify } from './trust-options'
import { inWorkspace, type WorkspaceClient } from './workspace-client'

/** A model by NAME@VERSION, else a run; a name that is both is the model's. */
async function runOf(workspace: WorkspaceClient, given: string): Promise<RunId> {
  const isModel = given.includes('@') || (await workspace.models.list({})).some(({ name }) => name === given)
  if (isModel) return (await modelNamed(workspace, given)).run
  try {
    return (await runNamed(workspace, given)).id
  } catch (error) {
    if (!(error instanceof WorkbenchError) || error.code !== 'NOT_FOUND') throw error
    throw new WorkbenchError('NOT_FOUND', `${error.message} Nor is there a model of this name.`, { cause: error })
  }
}

const short = (text: string | null): string => (text === null ? 'nothing' : text.length > 40 ? `${text.slice(0, 12)}…` : text)

/** What was compared: inputs and metrics are counted, all else is named. */
function namesOf(compared: readonly string[]): string {
  const [inputs, metrics] = ['input ', 'metric '].map((kind) => compared.filter((what) => what.startsWith(kind)))
  const named = compared.filter((what) => !inputs!.includes(what) && !metrics!.includes(what))
  const counted = (some: readonly string[], word: string): string[] => (some.length > 0 ? [countOf(some.length, word)] : [])
  return [...counted(inputs!, 'input'), ...named, ...counted(metrics!, 'metric')].join(', ') || 'nothing'
}

/** What came of it, for people. */
export function describeReproduction({ same, differences, compared, leftOut, environment, ran, seconds }: Reproduction): string[] {
  const head = same
    ? `The same: ${namesOf(compared)} (${seconds.toFixed(1)} s).`
    : !ran
      ? 'Not the same: the data is another. Nothing was trained.'
      : differences.length > 0
        ? `Not the same: ${differences.length} of ${countOf(compared.length, 'thing')} compared.`
        : `Not shown to be the same: the record names no model to compare. Compared and the same: ${namesOf(compared)}.`
  return [
    head,
    ...differences.map(
      ({ what, recorded, fresh, detail }) =>
        `  ${what}: ${short(recorded)} in the record, ${short(fresh)} now${detail ? `. ${detail}` : ''}`
    ),
    ...(environment.length > 0
      ? [
          `Of the environment, other than then: ${environment.map(({ key, recorded, fresh }) => `${key} (${short(recorded)}, now ${short(fresh)})`).join(', ')}.`
        ]
      : []),
    ...(leftOut.length > 0 ? [`Not compared, because they are of the machine: ${leftOut.join(', ')}.`] : [])
  ]
}

const filesIn = (options: Given): string[] => ((options.data as string[] | undefined) ?? []).map((file) => resolve(file))

async function ofBundle(context: CommandContext, bundle: string, options: Given): Promise<ExitCode> {
  if (!existsSync(bundle))
    throw new WorkbenchError(
      'NOT_FOUND',
      `There is no bundle "${bundle}". To do a run or a registered model again give its workspace with -w DIR.`
    )
  const data = filesIn(options)
  for (const file of data) assertAllowed(file)
  const [{ reproduceBundle }, { openWorkspaceLedger }] = await Promise.all([import('../core/reproduce'), import('../core/ledger')])
  const temporary = await mkdtemp(join(tmpdir(), 'drydock-reproduce-'))
  try {
    const { found, report } = await reproduceBundle({
      ...{ bundle: resolve(bundle), data, temporary, programs: options.runPrograms === true, signal: context.signal },
      trust: { ...readTrustOptions(options, ofVerify), own: keysIn(join(defaultUserDirectory(), 'keys')) },
      openScratchLedger: openWorkspaceLedger,
      onProgress: progressNotes(context)
    })
    if (report.verdict === 'insufficient') context.output.note(`Warning: ${report.summary}`)
    context.output.result(found, describeReproduction(found))
    return found.same ? EXIT.done : EXIT.refuted
  } finally {
    await rm(temporary, { recursive: true, force: true })
  }
}

/** `model reproduce`. */
export const reproduce: CommandBody = (context, [given], options) =>
  options.workspace === undefined ? ofBundle(context, given, options) : ofWorkspace(context, given, options)

const ofWorkspace = (context: CommandContext, given: string, options: Given): Promise<ExitCode> =>
  inWorkspace(context, options.workspace, async (workspace) => {
    const run = await runOf(workspace, given)
    const data = filesIn(options)
    const progress = { signal: context.signal, onProgress: progressNotes(context) }
    const found = await workspace.do(commands.reproduce.run, { run, data }, progress)
    context.output.result(found, describeReproduction(found))
    return found.same ? EXIT.done : EXIT.refuted
  })
