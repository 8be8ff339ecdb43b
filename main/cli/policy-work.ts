import { commands } from '../core/all-commands'
import { countOf } from '../model/count-of'
import { WorkbenchError } from '../model/errors'
import { contentReference } from '../model/reference'
import type { PolicySummary } from '../model/commands/policies'
import type { CommandBody } from './command'
import { policyNamed } from './named-policy'
import { listOf, textTable } from './output'
import { ownCommand } from './own-command'
import { countProblems, describeProblem, inOrder, isError } from './say-problems'
import { readTextFile } from './text-file'
import { inWorkspace } from './workspace-client'

const describeTests = ({ tests, testsPassed }: PolicySummary): string => (tests === 0 ? 'none' : `${testsPassed} of ${tests} hold`)

function describeList(items: readonly PolicySummary[]): string {
  if (items.length === 0) return `There are none. Save one: ${ownCommand()} policy add -w DIR FILE`
  return textTable(
    ['policy', 'title', 'version', 'rules', 'blocking', 'tests', 'saved'],
    items.map((item) =>
      item.lost === undefined
        ? [item.name, item.title, item.sha256.slice(0, 8), item.rules, item.blocking, describeTests(item), item.updatedAt]
        : [item.name, 'text lost', item.sha256.slice(0, 8), null, null, null, item.updatedAt]
    )
  )
}

/** `policy list`. */
export const listPolicies: CommandBody = (context, _positional, options) =>
  inWorkspace(context, options.workspace, async ({ policies }) => {
    const items = await policies.list({})
    for (const { name, lost } of items) if (lost !== undefined) context.output.note(`${name}: ${lost}`)
    context.output.result(listOf(items), describeList(items))
  })

/** `policy show`. */
export const showPolicy: CommandBody = (context, [given], options) =>
  inWorkspace(context, options.workspace, async (workspace) => {
    const found = await policyNamed(workspace, given)
    const { text } = await workspace.policies.text(found)
    context.output.result({ ...found, text }, text)
  })

/** `policy add`. */
export const addPolicy: CommandBody = (context, [file], options) =>
  inWorkspace(context, options.workspace, async (workspace) => {
    // A mark of the byte order is of the file, and not of what was written.
    const text = readTextFile(file).replace(/^\ufeff/, '')
    const problems = inOrder((await workspace.policies.check({ text })).problems)
    const [first] = problems.filter(isError)
    if (first)
      throw new WorkbenchError(
        'INVALID_INPUT',
        `${describeProblem(first, file)}\nIt has ${countProblems(problems)}, and a gate by it could pass nothing. Nothing was saved. Correct the file and try again.`,
        { details: { problems } }
      )
    for (const problem of problems) context.output.note(describeProblem(problem, file))
    const before = new Map((await workspace.policies.list({})).map(({ name, sha256 }) => [name, sha256]))
    const { name, sha256, ...saved } = await workspace.do(commands.policies.save, { text })
    const former = before.get(name) ?? null
    const reference = contentReference('policy', name, sha256)
    const place = former === null ? '' : `, in the place of ${former.slice(0, 8)}`
    context.output.result({ name, sha256, reference, former, changed: former !== sha256, ...saved, problems }, [
      former === sha256
        ? `This text is in force under "${name}" already: ${reference}`
        : `Saved ${reference}, ${countOf(saved.rules, 'rule')}${place}. A failure under another text is not cured by it.`
    ])
  })
