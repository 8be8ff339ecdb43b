import { resolve } from 'node:path'
import { collectDiagnosis, describeProgram, saveDiagnosis } from '../core/program'
import { formatBytes } from '../core/reports'
import { defaultUserDirectory } from '../core/user-directory'
import { describeSettings } from '../model/machine-settings'
import type { CommandBody } from './command'

/** `program show`. */
export const showProgram: CommandBody = async ({ output }) => {
  const facts = describeProgram(defaultUserDirectory())
  const { version, commit, builtAt, programFolder, userFolder, logs, machineSettings, releaseKeys } = facts
  const line = (label: string, value: string): string => `  ${label.padEnd(26)} ${value}`
  output.result(facts, [
    `Drydock ${version}${commit === null ? '' : `, built of ${commit.slice(0, 12)}${builtAt === null ? '' : ` at ${builtAt}`}`}`,
    line('Program folder', programFolder ?? 'a checkout'),
    line('Your own folder', userFolder),
    line('Logs', `${logs.folder}${logs.files.length === 0 ? ' (none written yet)' : ''}`),
    ...logs.files.map(({ name, bytes }) => line('', `${name} (${formatBytes(bytes)})`)),
    line('Release keys', releaseKeys.length === 0 ? 'none' : ''),
    ...releaseKeys.map(({ name, fingerprint }) => line('', `${name} ${fingerprint}`)),
    machineSettings.name === null
      ? `Your administrator has settled nothing (no file ${machineSettings.file}).`
      : `"${machineSettings.name}", set by your administrator in ${machineSettings.file}:`,
    ...describeSettings(machineSettings).map(({ label, value, isLocked }) => line(label, `${value}${isLocked ? ' (locked)' : ''}`))
  ])
}

/** `program diagnose`. */
export const diagnoseProgram: CommandBody = async (context, _positional, { out }) => {
  const { output, signal } = context
  const app = await context.app()
  const diagnosis = await collectDiagnosis({ userDirectory: app.userDirectory, recent: app.recent(), signal })
  const shown = diagnosis.files.flatMap(({ name, text }) => [`== ${name}`, ...text.trimEnd().split('\n'), ''])
  if (out === undefined) {
    output.result(diagnosis, [...shown, 'Nothing was written. With --out FILE.zip this is written as a ZIP file.'])
    return
  }
  const path = resolve(String(out))
  for (const line of shown) output.note(line)
  const bytes = await saveDiagnosis(diagnosis, path)
  output.result({ ...diagnosis, path, bytes }, [`Wrote ${path} (${formatBytes(bytes)}), which holds what is shown above.`])
}
