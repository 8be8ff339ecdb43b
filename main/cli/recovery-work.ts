import { resolve } from 'node:path'
import {
  backUpWorkspace,
  collectGarbage,
  examineWorkspace,
  repairWorkspace,
  reportOf,
  restoreWorkspace,
  salvageWorkspace
} from '../core/recovery'
import { formatBytes } from '../core/reports'
import { countOf } from '../model/count-of'
import { WorkbenchError } from '../model/errors'
import type { BackupReport, DoctorReport, GarbageReport, Finding, RecoveryNote, RecoveryReport } from '../model/recovery'
import type { CommandBody } from './command'
import { EXIT } from './output'
import { ownCommand } from './own-command'

/** What was found, line by line, damage first. */
function sayFindings(findings: readonly Finding[]): string[] {
  const lines = (severity: Finding['severity']): string[] =>
    findings.filter((each) => each.severity === severity).map(({ area, subject, message }) => `  ${area}: ${subject}. ${message}`)
  const [damage, notes] = [lines('damage'), lines('note')]
  return [...(damage.length > 0 ? ['Damage:', ...damage] : []), ...(notes.length > 0 ? ['Worth knowing:', ...notes] : [])]
}

function sayReport({ directory, name, sound, opens, findings, ways, checked }: DoctorReport): string[] {
  const verb = (rest: string): string => `  ${ownCommand()} workspace ${rest}`
  const waysOut = {
    repair: `${verb(`doctor -w "${directory}" --repair`)}   repairs it from copies and content, and says what is lost`,
    salvage: `${verb(`doctor -w "${directory}" --salvage NEW`)}   makes a new workspace of what can be read`,
    restore: `${verb('restore BACKUP NEW')}   brings back a backup`,
    none: ''
  }
  const damages = findings.filter(({ severity }) => severity === 'damage').length
  return [
    `${name ?? 'A workspace without a readable name'}, in ${directory}`,
    `Read ${countOf(checked.tables, 'table')}, ${countOf(checked.events, 'entry', 'entries')} of the record, ${countOf(checked.objects, 'object')} and ${countOf(checked.dataFiles, 'data file')}; ${countOf(checked.references, 'file')} are named by the ledger.`,
    ...sayFindings(findings),
    ...(sound
      ? ['Sound.']
      : [`${countOf(damages, 'finding')}. ${opens ? 'It opens all the same.' : 'It does not open like this.'} The ways out:`]),
    ...ways.map((way) => waysOut[way])
  ]
}

/** What a repair or salvage did, what is lost, and how the workspace is now. */
function sayRecovery({ directory, opens, mended, lost, aside, now }: RecoveryReport): string[] {
  const lines = (title: string, notes: readonly RecoveryNote[]): string[] =>
    notes.length > 0 ? [title, ...notes.map(({ subject, message }) => `  ${subject}: ${message}`)] : []
  return [
    ...lines('Mended:', mended),
    ...lines('Lost:', lost),
    ...(mended.length + lost.length === 0 ? ['Nothing had to be done.'] : lost.length === 0 ? ['Nothing is lost.'] : []),
    ...(aside ? [`What was damaged is in ${aside}. Delete it when you have no use for it.`] : []),
    opens
      ? `The workspace in ${directory} opens${now.sound ? ' and is sound' : '; "workspace doctor" says what is still missing in it'}.`
      : `No workspace that opens is left. Restore a backup: ${ownCommand()} workspace restore BACKUP NEW`
  ]
}

/** `workspace doctor`. */
export const doctorWorkspace: CommandBody = async ({ output, signal }, _positional, { workspace, repair, salvage, from }) => {
  const directory = resolve(String(workspace))
  if (repair && salvage !== undefined)
    throw new WorkbenchError('INVALID_INPUT', 'Give --repair, which mends the workspace itself, or --salvage, which makes a new one.')
  const onProgress = ({ message }: { message: string }): void => output.note(message)
  if (repair || salvage !== undefined) {
    const options = { signal, onProgress, from: ((from ?? []) as string[]).map((path) => resolve(path)) }
    const report = repair ? await repairWorkspace(directory, options) : await salvageWorkspace(directory, resolve(String(salvage)), options)
    output.result(report, sayRecovery(report))
    return report.opens ? EXIT.done : EXIT.refuted
  }
  const report = reportOf(await examineWorkspace(directory, { signal, onProgress }))
  output.result(report, sayReport(report))
  return report.sound ? EXIT.done : EXIT.refuted
}

function sayBackup({ path, files, bytes, entry, damaged, missing }: BackupReport): string[] {
  const named = (title: string, names: readonly string[]): string[] =>
    names.length > 0
      ? [title, ...names.slice(0, 20).map((name) => `  ${name}`), ...(names.length > 20 ? [`  and ${names.length - 20} more`] : [])]
      : []
  return [
    `${countOf(files, 'file')} (${formatBytes(bytes)}) to entry ${entry} of the record, each read again: ${path}`,
    ...named('These were damaged in the workspace already, and are so in the backup ("workspace doctor" says more):', damaged),
    ...named('The ledger names these, and the workspace does not have them:', missing),
    `Restore it with: ${ownCommand()} workspace restore "${path}" NEW`
  ]
}

function sayGarbage({ dryRun, removed, bytes, kept, young }: GarbageReport): string[] {
  return [
    ...removed.map(({ name, bytes: size }) => `${dryRun ? 'would delete' : 'deleted'} ${name} (${formatBytes(size)})`),
    `${dryRun ? 'Nothing was deleted. It would free' : 'Freed'} ${formatBytes(bytes)} of ${countOf(removed.length, 'file')} that nothing names.`,
    `${countOf(kept.files, 'file')} (${formatBytes(kept.bytes)}) are needed${young.files > 0 ? `; ${countOf(young.files, 'file')} (${formatBytes(young.bytes)}) are needed by nothing yet and were written in the last day` : ''}.`
  ]
}

/** `workspace backup`. */
export const backupWorkspace: CommandBody = async ({ output, signal }, [backup], { workspace }) => {
  const report = await backUpWorkspace(resolve(String(workspace)), resolve(backup), {
    signal,
    onProgress: ({ message }) => output.note(message)
  })
  output.result(report, sayBackup(report))
}

/** `workspace restore`. */
export const restoreBackup: CommandBody = async ({ output, signal }, [backup, target]) => {
  const report = await restoreWorkspace(resolve(backup), resolve(target), { signal, onProgress: ({ message }) => output.note(message) })
  output.result(report, sayReport(report))
  return report.opens ? EXIT.done : EXIT.refuted
}

/** `workspace gc`. */
export const collectUnused: CommandBody = async ({ output, signal }, _positional, { workspace, dryRun }) => {
  const report = await collectGarbage(resolve(String(workspace)), {
    signal,
    dryRun: Boolean(dryRun),
    onProgress: ({ message }) => output.note(message)
  })
  output.result(report, sayGarbage(report))
}
