import { commands } from '../core/all-commands'
import { countOf } from '../model/count-of'
import { WorkbenchError } from '../model/errors'
import { didYouMean } from '../model/near-names'
import type { PipelineDetail, PipelineSummary } from '../model/pipeline'
import { contentReference, parseNamed, type Sha256 } from '../model/reference'
import type { CommandBody } from './command'
import { EXIT, listOf, textTable } from './output'
import { ownCommand } from './own-command'
import { countProblems, describeProblem, inOrder, isError } from './say-problems'
import { readTextFile } from './text-file'
import { inWorkspace, type WorkspaceClient } from './workspace-client'

type Pipelines = WorkspaceClient['pipelines']

function describeList(items: readonly PipelineSummary[]): string {
  if (items.length === 0) return `There are none. Save one: ${ownCommand()} pipeline save -w DIR FILE`
  return textTable(
    ['pipeline', 'version', 'versions', 'steps', 'draft', 'last run', 'gate', 'updated'],
    items.map(({ name, version, versions, steps, hasDraft, lastRun, updatedAt }) => [
      name,
      version?.slice(0, 8) ?? '-',
      versions,
      steps,
      hasDraft ? 'yes' : '',
      lastRun?.state ?? 'never',
      lastRun?.gate ?? '',
      updatedAt
    ])
  )
}

/** `pipeline list`. */
export const listPipelines: CommandBody = (context, _positional, options) =>
  inWorkspace(context, options.workspace, async ({ pipelines }) => {
    const items = await pipelines.list({ removed: options.trashed === true })
    context.output.result(listOf(items), describeList(items))
  })

/** `pipeline check`. */
export const checkPipeline: CommandBody = async (context, [file], options) => {
  const yaml = readTextFile(file)
  const { document, problems: found } =
    options.workspace === undefined
      ? await (await import('../core/pipelines')).checkAlone(yaml)
      : await inWorkspace(context, options.workspace, ({ pipelines }) => pipelines.validate({ yaml }))
  const problems = inOrder(found)
  const holds = document !== null && !problems.some(isError)
  const name = document?.name ?? null
  const end = holds
    ? `${file}: the pipeline "${name}", ${countOf(document.steps.length, 'step')}, can run${problems.length ? `; ${countProblems(problems)}` : ''}.`
    : `${file}: cannot run; ${countProblems(problems)}.`
  context.output.result({ file, holds, name, steps: document?.steps.length ?? null, problems }, [
    ...problems.map((problem) => describeProblem(problem, file)),
    end
  ])
  return holds ? EXIT.done : EXIT.refuted
}

/** `pipeline save`. */
export const savePipeline: CommandBody = (context, [file], options) =>
  inWorkspace(context, options.workspace, async (workspace) => {
    const yaml = readTextFile(file)
    const name = (await workspace.pipelines.validate({ yaml })).document?.name
    const former = name === undefined ? null : await standing(workspace.pipelines, name)
    const saved = await workspace.do(commands.pipelines.save, { yaml })
    const problems = inOrder(saved.check.problems)
    for (const problem of problems) context.output.note(describeProblem(problem, file))
    const version = saved.version!
    const reference = contentReference('pipeline', saved.name, version)
    const holds = !problems.some(isError)
    context.output.result(
      { name: saved.name, version, reference, former, changed: former !== version, steps: saved.steps, holds, problems },
      [
        former === version
          ? `This text is the newest version of "${saved.name}" already: ${reference}`
          : `Saved ${reference}, ${countOf(saved.steps, 'step')}${former === null ? '' : `, in the place of ${former.slice(0, 8)}`}`,
        holds
          ? `Run it: ${ownCommand()} run -w "${String(options.workspace)}" ${saved.name}`
          : `It cannot run yet: ${countProblems(problems)}. Correct the file and save it again.`
      ]
    )
  })

/** The newest version of a name; null where there is none. */
const standing = async (pipelines: Pipelines, name: string): Promise<Sha256 | null> =>
  (await pipelines.list({})).find((one) => one.name === name)?.version ?? null

/** A pipeline by `name` or `name@version`, the version by its beginning. Throws NOT_FOUND with what is there. */
async function detailOf(pipelines: Pipelines, text: string, draft: boolean): Promise<PipelineDetail> {
  const named = parseNamed('pipeline', text)
  const all = [...(await pipelines.list({})), ...(await pipelines.list({ removed: true }))].map(({ name }) => name)
  if (!named || !all.includes(named.name))
    throw new WorkbenchError(
      'NOT_FOUND',
      `There is no pipeline "${text}" in this workspace.${didYouMean(named?.name ?? text, all)} "drydock pipeline list" shows all of them.`
    )
  const { name, version } = named
  const newest = await pipelines.get({ name })
  if (version === null && (draft || newest.version === null)) return newest
  const found = version === null ? [newest.version!] : newest.history.map(({ sha256 }) => sha256).filter((sha) => sha.startsWith(version))
  if (found.length === 1) return pipelines.get({ name, version: found[0] })
  const saved = newest.history.map(({ sha256, createdAt }) => `${sha256.slice(0, 8)} of ${createdAt}`)
  throw new WorkbenchError(
    'NOT_FOUND',
    `${found.length === 0 ? `"${name}" has no version ${version}` : `"${version}" begins several versions of "${name}"`}. There are: ${saved.slice(0, 10).join(', ')}. Name one of them by its beginning.`
  )
}

/** `pipeline show`. */
export const showPipeline: CommandBody = (context, [text], options) =>
  inWorkspace(context, options.workspace, async ({ pipelines }) => {
    const detail = await detailOf(pipelines, text, options.draft === true)
    const { check, ...about } = detail
    if (detail.source === 'draft') context.output.note(`This is a draft of ${detail.draftSavedAt}, which no run uses until it is saved.`)
    context.output.result({ ...about, document: check.document, problems: check.problems }, detail.yaml)
  })
