import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { commands } from '../core/all-commands'
import { assertAllowed } from '../core/machine-settings'
import { keysIn } from '../core/people'
import { defaultUserDirectory } from '../core/user-directory'
import { WorkbenchError } from '../model/errors'
import { foldName } from '../model/person-name'
import type { ScoredFile } from '../model/scoring'
import { takeOver } from './acting'
import type { CommandBody, CommandContext, Given } from './command'
import { progressNotes } from './import-command'
import { modelNamed } from './named-model'
import { readImportOptions } from './read-import-options'
import { readTrustOptions } from './read-trust-options'
import { describeScored } from './say-scored'
import { ofVerify } from './trust-options'
import { wholeNumber } from './whole-number'
import { inWorkspace } from './workspace-client'

/** What was asked besides the model, as the core takes it. */
function asked(given: Given, file: string) {
  // What the file would be called as a dataset does not matter here.
  const { name: _name, metadata: _metadata, ...choices } = readImportOptions({ ...given, name: 'scored' }, file)
  return {
    choices,
    out: resolve(String(given.out)),
    ...(given.report !== undefined && { report: resolve(String(given.report)) }),
    keep: (given.keep as string[] | undefined) ?? [],
    strict: given.strict === true,
    ...(given.explain !== undefined && { explain: wholeNumber('--explain', given.explain) }),
    runProgram: given.runProgram === true
  }
}

function answer({ output }: CommandContext, scored: ScoredFile, notes: readonly string[] = []): void {
  for (const note of notes) output.note(note)
  output.result(scored, describeScored(scored))
}

const withRegistered = (context: CommandContext, reference: string, file: string, given: Given): Promise<void> =>
  inWorkspace(context, given.workspace, async (workspace) => {
    const named = foldName(String(given.as ?? ''))
    const person = (await workspace.people.list({})).find(({ name }) => foldName(name) === named)
    if (person) await takeOver(workspace, person.name, { session: true, signal: context.signal })
    const { name, version } = await modelNamed(workspace, reference)
    const options = asked(person ? { ...given, as: undefined } : given, file)
    const progress = { signal: context.signal, onProgress: progressNotes(context) }
    answer(context, await workspace.do(commands.scoring.file, { name, version, path: resolve(file), ...options }, progress))
  })

async function withBundle(context: CommandContext, bundle: string, file: string, given: Given): Promise<void> {
  if (!existsSync(bundle))
    throw new WorkbenchError(
      'NOT_FOUND',
      `There is no bundle "${bundle}". To score with a registered model give its workspace with -w DIR.`
    )
  const [{ bundleModel }, { scoreFile }] = await Promise.all([import('../core/bundle-models'), import('../core/scoring')])
  const options = { file: resolve(file), ...asked(given, file) }
  for (const place of [options.file, options.out, options.report]) if (place !== undefined) assertAllowed(place)
  const folder = await mkdtemp(join(tmpdir(), 'drydock-score-'))
  try {
    const trust = { ...readTrustOptions(given, ofVerify), own: keysIn(join(defaultUserDirectory(), 'keys')) }
    const { model, report } = await bundleModel(resolve(bundle), trust, folder, context.signal)
    const { signal } = context
    const scored = await scoreFile(model, {
      ...options,
      temporary: folder,
      signal,
      onProgress: progressNotes(context)
    })
    answer(context, scored, report.verdict === 'insufficient' ? [`Warning: ${report.summary}`] : [])
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** `score`. */
export const score: CommandBody = async (context, [model, file], given) => {
  if (!existsSync(file)) throw new WorkbenchError('NOT_FOUND', `There is no file "${file}". Check the path.`)
  await (given.workspace === undefined ? withBundle(context, model, file, given) : withRegistered(context, model, file, given))
}
