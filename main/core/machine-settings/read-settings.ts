import { lstatSync, readFileSync, statSync } from 'node:fs'
import { LineCounter } from 'yaml'
import { WorkbenchError } from '../../model/errors'
import { LOGS_KEPT_MIB, MachineSettingsFile, type MachineSettings } from '../../model/machine-settings'
import { fit, withoutStop } from '../../model/schema-words'
import { parseBoundedYaml } from '../bounded-yaml'
import { placeAt, placeOfKey, placeOfProblem, type TextPlace } from '../yaml-places'
import { machineSettingsFile, withHome } from './settings-place'

const largestFile = 1_000_000

const known = new Map<string, MachineSettings>()

/**
 * What the administrator of this computer has settled, read once in each process; without a file nothing is.
 * @throws WorkbenchError INVALID_INPUT with `details.problems` (line and column) for anything that does not fit, UNSUPPORTED_VERSION for a
 *   newer document, FORBIDDEN when the file cannot be read or everybody may change it. A program that gets it must end: a lock that cannot
 *   be read counts as locked.
 */
export function readMachineSettings(file: string = machineSettingsFile()): MachineSettings {
  let settings = known.get(file)
  if (!settings) known.set(file, (settings = settled(file, readFileOf(file))))
  return settings
}

function settled(file: string, text: string | undefined): MachineSettings {
  const given = text === undefined ? undefined : parseSettings(file, text)
  return {
    file,
    name: given?.name ?? null,
    allowedFolders: given?.allowedFolders?.map(withHome) ?? null,
    trustFiles: given?.trustFiles?.map(withHome) ?? [],
    tracking: given?.tracking ?? 'allowed',
    scriptSteps: given?.scriptSteps ?? 'allowed',
    classification: given?.classification ?? null,
    updates: given?.updates ?? 'user',
    logs: { folder: given?.logs?.folder === undefined ? null : withHome(given.logs.folder), keepMiB: given?.logs?.keepMiB ?? LOGS_KEPT_MIB }
  }
}

const nextStep =
  'Drydock does not start without them, so that no lock falls open. Ask the administrator of this computer to correct the file.'

/** The text of the file; undefined where there is none. */
function readFileOf(file: string): string | undefined {
  try {
    const about = statSync(file)
    if (process.platform !== 'win32' && (about.mode & 0o002) !== 0)
      throw new WorkbenchError('FORBIDDEN', `The machine settings "${file}" can be changed by everybody on this computer. ${nextStep}`)
    if (!about.isFile() || about.size > largestFile)
      throw new WorkbenchError('INVALID_INPUT', `The machine settings "${file}" are no file, or one of more than 1 MB. ${nextStep}`)
    return readFileSync(file, 'utf8').replace(/^\ufeff/, '')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (error instanceof WorkbenchError) throw error
    // A link that leads nowhere, such as to a share that is not mounted, is no absence of settings.
    if (code === 'ENOTDIR' || (code === 'ENOENT' && lstatSync(file, { throwIfNoEntry: false }) === undefined)) return undefined
    throw new WorkbenchError('FORBIDDEN', `The machine settings "${file}" cannot be read: ${String(error)}. ${nextStep}`, { cause: error })
  }
}

function parseSettings(file: string, text: string): MachineSettingsFile {
  const counter = new LineCounter()
  const problems: (TextPlace & { path: string; message: string })[] = []
  const note = (path: readonly PropertyKey[], message: string, at: TextPlace): void =>
    void problems.push({ path: path.map(String).join('.'), message, ...at })
  const refuse = (): never => {
    const [{ message, line, column }] = problems as [(typeof problems)[number]]
    const more = problems.length > 1 ? ` It is the first of ${problems.length} problems.` : ''
    throw new WorkbenchError(
      'INVALID_INPUT',
      `The machine settings "${file}" cannot be used: ${withoutStop(message)} (line ${line}, column ${column}).${more} ${nextStep}`,
      { details: { file, problems: problems.slice(0, 100) } }
    )
  }
  let tree: ReturnType<typeof parseBoundedYaml>
  try {
    tree = parseBoundedYaml(text, counter)
  } catch (error) {
    note([], error instanceof Error ? error.message : String(error), { line: 1, column: 1 })
    return refuse()
  }
  for (const { message, pos } of [...tree.errors, ...tree.warnings]) note([], message, placeAt(counter, pos[0]))
  if (problems.length > 0) return refuse()
  let value: unknown
  try {
    value = tree.toJS({ maxAliasCount: 50 })
  } catch (error) {
    note([], error instanceof Error ? error.message : String(error), { line: 1, column: 1 })
    return refuse()
  }
  assertVersion(value, file)
  const document = fit(MachineSettingsFile, value)
  for (const problem of document.problems ?? []) note(problem.path, problem.message, placeOfProblem(tree, counter, problem))
  if (document.success && document.data.updates === 'administrator' && !/^[ \t]*updates:[ \t]+administrator[ \t]*(?:#.*)?\r?$/m.test(text))
    note(
      ['updates'],
      'write "updates: administrator" on a line of its own and without quotes, because the start script of the program reads it there',
      placeOfKey(tree, counter, ['updates']) ?? { line: 1, column: 1 }
    )
  return document.success && problems.length === 0 ? document.data : refuse()
}

function assertVersion(value: unknown, file: string): void {
  const [, version] = /^drydock\.machine\/(\d+)$/.exec(String((value as { schema?: unknown } | null)?.schema)) ?? []
  if (version !== undefined && Number(version) > 1)
    throw new WorkbenchError(
      'UNSUPPORTED_VERSION',
      `The machine settings "${file}" have format version ${version}; this program reads version 1. ${nextStep} A newer Drydock reads it.`
    )
}
