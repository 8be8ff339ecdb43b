import { resolve } from 'node:path'
import { examineWorkspace, reportOf } from '../core/recovery'
import { countOf } from '../model/count-of'
import type { DoctorReport, Finding } from '../model/recovery'
import type { AddCommand, CommandGroup } from './command'
import { EXIT } from './output'
import { ownCommand } from './own-command'

/** What was found, line by line, damage first. */
function sayFindings(findings: readonly Finding[]): string[] {
  const lines = (severity: Finding['severity']): string[] =>
    findings.filter((each) => each.severity === severity).map(({ area, subject, message }) => `  ${area}: ${subject}. ${message}`)
  const [damage, notes] = [lines('damage'), lines('note')]
  return [...(damage.length > 0 ? ['Damage:', ...damage] : []), ...(notes.length > 0 ? ['Worth knowing:', ...notes] : [])]
}

function sayReport({ directory, name, sound, opens, findings, ways, checked }: DoctorReport): string {
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
  ].join('\n')
}

const addRecoveryCommands = (add: AddCommand): void => {
  add(
    'workspace doctor',
    'check a workspace, also one that does not open; nothing in it is changed',
    (c) => c.requiredOption('-w, --workspace <dir>', 'the workspace'),
    async ({ output, signal }, _positional, options) => {
      const report = reportOf(
        await examineWorkspace(resolve(String(options.workspace)), { signal, onProgress: ({ message }) => output.note(message) })
      )
      output.result(report, sayReport(report))
      return report.sound ? EXIT.done : EXIT.refuted
    }
  )
}

export const recoveryCommands: CommandGroup = {
  place: 1.5,
  nouns: { workspace: 'look at a workspace, mend it, back it up' },
  add: addRecoveryCommands
}
