import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { commands } from '../core/all-commands'
import { assertAllowed } from '../core/machine-settings'
import { keysIn } from '../core/people'
import { defaultUserDirectory } from '../core/user-directory'
import type { ColumnRule, WantedAnswer } from '../model/counterfactual'
import { WorkbenchError } from '../model/errors'
import type { ExplainedFile } from '../model/explanation'
import { explainShapes } from '../model/commands/explain'
import type { CommandBody, CommandContext, Given } from './command'
import { progressNotes } from './import-command'
import { modelNamed } from './named-model'
import { textTable } from './output'
import { readTrustOptions } from './read-trust-options'
import { documentsGiven } from './saved-documents'
import { ofVerify } from './trust-options'
import { wholeNumber } from './whole-number'
import { inWorkspace } from './workspace-client'

const place = (given: unknown): string | undefined => (given === undefined ? undefined : resolve(String(given)))

/** What was asked besides the model. `--sheet FILE.html` says the same as `--html FILE.html`. */
function asked(given: Given) {
  const method = explainShapes.file.input.shape.method.safeParse(given.method)
  if (!method.success)
    throw new WorkbenchError(
      'INVALID_INPUT',
      `--method takes auto, interventional, path-dependent or kernel, not "${String(given.method)}".`
    )
  return {
    ...documentsGiven({ ...given, html: given.sheet ?? given.html }),
    out: place(given.out),
    background: place(given.background),
    reasons: place(given.reasons),
    dependence: place(given.dependence),
    ...(given.curves !== undefined && { features: namesIn(String(given.curves)) }),
    ...askedCounterfactuals(given),
    method: method.data,
    ...(given.rows !== undefined && { rows: wholeNumber('--rows', String(given.rows)) }),
    ...(given.row !== undefined && { row: wholeNumber('--row', String(given.row)) })
  }
}

/** Rules of the columns and the wanted answer; undefined where no other answer is looked for. */
function askedCounterfactuals(given: Given) {
  if (given.counterfactuals === undefined) {
    const odd = ['immutable', 'rising', 'falling', 'range', 'want'].find((name) => given[name] !== undefined)
    if (odd !== undefined) throw new WorkbenchError('INVALID_INPUT', `--${odd} goes with --counterfactuals COUNT.`)
    return {}
  }
  const rules: Record<string, ColumnRule> = {}
  const add = (names: unknown, rule: ColumnRule): void => {
    for (const name of names === undefined ? [] : namesIn(String(names))) rules[name] = { ...rules[name], ...rule }
  }
  add(given.immutable, { immutable: true })
  add(given.rising, { only: 'rising' })
  add(given.falling, { only: 'falling' })
  for (const each of (given.range as string[] | undefined) ?? []) {
    const [, name, low, high] = /^(.+)=(-?[\d.eE+-]*)\.\.(-?[\d.eE+-]*)$/.exec(each) ?? []
    const bounds = [low, high].map((text) => (text === '' || text === undefined ? undefined : Number(text)))
    if (name === undefined || bounds.every((bound) => bound === undefined) || bounds.some((bound) => Number.isNaN(bound)))
      throw new WorkbenchError('INVALID_INPUT', `--range takes COLUMN=MIN..MAX, one of the two may be left out, not "${each}".`)
    const [min, max] = bounds
    rules[name] = { ...rules[name], ...(min !== undefined && { min }), ...(max !== undefined && { max }) }
  }
  const wanted = wantedIn((given.want as string[] | undefined) ?? [])
  return { counterfactuals: { count: wholeNumber('--counterfactuals', String(given.counterfactuals)), rules, ...(wanted && { wanted }) } }
}

const namesIn = (list: string): string[] =>
  list
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')

/** `>=0.7`, `<100` or the name of a class; several together. */
function wantedIn(wishes: readonly string[]): WantedAnswer | undefined {
  if (wishes.length === 0) return undefined
  const wanted: WantedAnswer = {}
  for (const wish of wishes) {
    const [, sign, figure] = /^(>=|<)\s*(-?\d.*)$/.exec(wish) ?? []
    if (sign === undefined) wanted.output = wish
    else if (Number.isNaN(Number(figure)))
      throw new WorkbenchError('INVALID_INPUT', `--want takes ">=NUMBER", "<NUMBER" or a class, not "${wish}".`)
    else if (sign === '>=') wanted.atLeast = Number(figure)
    else wanted.below = Number(figure)
  }
  return wanted
}

function answer({ output }: CommandContext, explained: ExplainedFile): void {
  const { explanation, row, path, sheet, dependence } = explained
  const figure = (value: number | null): string => (value === null ? '-' : String(Number(value.toPrecision(4))))
  output.result(explained, [
    ...(row ? row.narrative : explanation.narrative),
    ...(row
      ? []
      : explanation.outputs.map(({ name, features }) =>
          textTable(
            ['column', `mean |contribution|${explanation.outputs.length > 1 ? `, ${name}` : ''}`, 'from', 'to'],
            features.map(({ feature, mean, low, high }) => [feature, figure(mean), figure(low), figure(high)])
          )
        )),
    ...(row?.counterfactuals?.narrative ?? []),
    ...(dependence ? [...dependence.narrative, `Wrote ${dependence.path}`] : []),
    ...(path === undefined ? [] : [`Wrote ${path}`]),
    ...(sheet ?? []).map((each) => `Wrote ${each.path}`)
  ])
}

const withRegistered = (context: CommandContext, reference: string, file: string, given: Given): Promise<void> =>
  inWorkspace(context, given.workspace, async (workspace) => {
    const { name, version } = await modelNamed(workspace, reference)
    const progress = { signal: context.signal, onProgress: progressNotes(context) }
    answer(context, await workspace.do(commands.explain.file, { name, version, path: resolve(file), ...asked(given) }, progress))
  })

async function withBundle(context: CommandContext, bundle: string, file: string, given: Given): Promise<void> {
  if (!existsSync(bundle))
    throw new WorkbenchError('NOT_FOUND', `There is no bundle "${bundle}". For a registered model give its workspace with -w DIR.`)
  const [{ bundleModel }, { explainFile }, { noPrinter }] = await Promise.all([
    import('../core/bundle-models'),
    import('../core/explain'),
    import('../core/documents')
  ])
  const options = { file: resolve(file), ...asked(given) }
  for (const each of [options.file, options.out, options.background, options.reasons, options.dependence, options.html])
    if (each !== undefined) assertAllowed(each)
  const folder = await mkdtemp(join(tmpdir(), 'drydock-explain-'))
  try {
    const trust = { ...readTrustOptions(given, ofVerify), own: keysIn(join(defaultUserDirectory(), 'keys')) }
    const { model, report } = await bundleModel(resolve(bundle), trust, folder, context.signal)
    if (report.verdict === 'insufficient') context.output.note(`Warning: ${report.summary}`)
    const { signal } = context
    answer(
      context,
      await explainFile(model, { ...options, temporary: folder, print: noPrinter, signal, onProgress: progressNotes(context) })
    )
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** `model explain`. */
export const explainModel: CommandBody = async (context, [model, file], given) => {
  if (!existsSync(file)) throw new WorkbenchError('NOT_FOUND', `There is no file "${file}". Check the path.`)
  await (given.workspace === undefined ? withBundle(context, model, file, given) : withRegistered(context, model, file, given))
}
