import { resolve } from 'node:path'
import { applyUpdate, checkUpdate, findUpdatePlace, givenKey, goBack, handOver, updateState, type UpdatePlace } from '../core/updates'
import { defaultUserDirectory } from '../core/user-directory'
import { WorkbenchError } from '../model/errors'
import { printable, printableLines } from '../model/plain-text'
import { quoteArgument } from '../model/shell-quoting'
import type { UpdateFinding, UpdateReport, UpdateResult, UpdateReturn, UpdateState } from '../model/update'
import type { CommandBody, CommandContext } from './command'
import { EXIT, textTable } from './output'
import { ownCommand } from './own-command'
import { readTextFile } from './text-file'

const here = (): UpdatePlace => findUpdatePlace(defaultUserDirectory())

const marks: Record<UpdateFinding['status'], string> = { pass: 'ok  ', warn: 'note', fail: 'FAIL', info: '    ' }

/** A report in lines; what the file says of itself is indented, so that no line of it is taken for one of the program. */
export function sayReport({ summary, from, to, findings, changes, ways }: UpdateReport): string {
  const lines = [
    printable(summary),
    ...findings.map(({ status, title, detail }) => `  ${marks[status]}  ${printable(title)}. ${printable(detail)}`),
    ...(to === null
      ? []
      : [
          '',
          `From ${from.version} (ledger format ${from.ledgerFormat}) to ${to.version} (ledger format ${to.ledgerFormat}), commit ${to.commit?.slice(0, 12)} of ${to.builtAt.slice(0, 10)}.`
        ]),
    ...(changes.trim() === ''
      ? []
      : [
          'What changes:',
          ...printableLines(changes)
            .trim()
            .split(/\r?\n/)
            .map((line) => `  ${line}`.trimEnd())
        ]),
    ...(ways.length > 0
      ? [
          'How it is applied:',
          ...ways.map((way) => `  --for ${way.for.padEnd(8)} ${way.open ? '' : 'not possible: '}${printable(way.text)}`)
        ]
      : [])
  ]
  return lines.join('\n')
}

const watch = ({ output, signal }: CommandContext) => ({
  signal,
  onProgress: ({ stage, fraction }: { stage: string; fraction: number | null }) =>
    output.live(fraction === null ? stage : `${stage}: ${Math.round(fraction * 100)}%`)
})

/** `update check`. */
export const check: CommandBody = async (context, [path], { releaseKey }) => {
  const place = here()
  if (releaseKey !== undefined && place.programFolder !== null)
    throw new WorkbenchError(
      'INVALID_INPUT',
      'This program has its own release keys and takes no other from the command line. Nothing was checked. Leave --release-key out.'
    )
  const keys = releaseKey === undefined ? [] : [givenKey(await readTextFile(String(releaseKey)), 'given here')]
  const report = await checkUpdate(place, resolve(path), { ...watch(context), keys })
  context.output.live(null)
  context.output.result(report, sayReport(report))
  return report.verdict === 'refused' ? EXIT.refuted : EXIT.done
}

function sayResult({ for: whom, version, from, path, command, backups, workspaces }: UpdateResult): string {
  if (whom === 'machine')
    return [
      `The package of version ${version} was verified and lies here: ${path}`,
      'Nothing else was changed. An administrator installs it for everybody with:',
      `  ${command}`
    ].join('\n')
  return [
    `Version ${version} is in place of ${from} for you, and starts the next time: ${path}`,
    ...(backups === null
      ? ['Nothing was backed up.']
      : [`Your settings and keys${workspaces.length > 0 ? ', and these workspaces,' : ''} were backed up: ${backups}`]),
    ...workspaces.map(({ workspace, path: backup }) => `  "${printable(workspace)}": ${backup}`),
    `Back to ${from}: ${ownCommand()} update back`
  ].join('\n')
}

/** `update apply`. */
export const apply: CommandBody = async (context, [path], { for: whom, withoutBackup }) => {
  const place = here()
  const options = watch(context)
  const work =
    whom === 'machine'
      ? handOver(place, resolve(path), options)
      : applyUpdate(place, resolve(path), { ...options, withoutBackup: withoutBackup === true })
  const result = await work.finally(() => context.output.live(null))
  context.output.result(result, sayResult(result))
}

/** A return in lines; each command can be copied, whatever the folders are called. */
export function sayReturn({ from, to, restore }: UpdateReturn): string {
  return [
    `Version ${to} starts the next time, in place of ${from}. ${from} stays on the disk until another update is applied.`,
    ...(restore.length === 0
      ? []
      : [
          `${from} has migrated these workspaces, or they cannot be read now. ${to} cannot open what was migrated; restore the backup that was made before:`,
          ...restore.map(
            ({ workspace, directory, path }) =>
              `  "${printable(workspace)}" (${printable(directory)})\n    ${ownCommand()} workspace restore ${quoteArgument(path, process.platform === 'win32')} NEW`
          )
        ])
  ].join('\n')
}

/** `update back`. */
export const back: CommandBody = async ({ output }) => {
  const result = await goBack(here())
  output.result(result, sayReturn(result))
}

function sayRules({ rule, ruleFrom, keys, back: before, folder }: UpdateState): string[] {
  const rules = { user: 'each user for themselves', administrator: 'the administrator', off: 'nobody: updates are switched off' }
  return [
    `New versions are brought by ${rules[rule]}${ruleFrom === null ? '' : ` (${printable(ruleFrom)})`}.`,
    before === null ? 'There is no version to go back to.' : `"${ownCommand()} update back" leads to ${before}.`,
    `Your versions lie in ${folder}`,
    ...(keys.length === 0
      ? ['This program was built without a release key and takes no update by file.']
      : [
          'Releases are taken by these keys:',
          ...keys.map(
            ({ name, fingerprint, retiredFrom }) =>
              `  ${fingerprint} ${printable(name)}${retiredFrom === null ? '' : `, for versions before ${retiredFrom}`}`
          )
        ])
  ]
}

/** `update list`. */
export const list: CommandBody = async ({ output }) => {
  const place = here()
  const isCheckout = place.programFolder === null
  const state = updateState(place)
  const rows = state.versions.map(({ version, place: of, running, next, appliedAt, by }) => [
    version,
    isCheckout ? 'checkout' : of === 'user' ? 'you' : 'machine',
    running ? 'runs' : '',
    next ? 'starts' : '',
    appliedAt,
    by
  ])
  const said = isCheckout
    ? [`Git updates a checkout. "${ownCommand()} update check FILE --release-key PUBLIC.pem" checks an update file all the same.`]
    : sayRules(state)
  output.result(state, [textTable(['version', 'of', 'now', 'next', 'applied', 'by'], rows), '', ...said].join('\n'))
}
