import { existsSync } from 'node:fs'
import { z } from 'zod'
import { countOf } from '../model/count-of'
import { gateWord } from '../model/gate-standing'
import { gateFacts, type PolicyTestResult } from '../model/policy'
import { WorkbenchError } from '../model/errors'
import type { CommandBody, CommandContext } from './command'
import { readDocumentFile } from './document-file'
import { policyNamed } from './named-policy'
import { EXIT, listOf, type ExitCode } from './output'
import { describeReport, describeTest } from './policy-words'
import { countProblems, describeProblem, inOrder, isError } from './say-problems'
import { readTextFile } from './text-file'
import { inWorkspace } from './workspace-client'

/** Facts to try a policy on. Version 1; the head may be left out. */
export const GateFactsFile = z.strictObject({
  schema: z.literal('drydock.gate-facts').optional(),
  version: z.literal(1).optional(),
  name: z.string().max(200).optional().describe('What the case shows.'),
  ...gateFacts.shape
})

/** Without a workspace there are only files; in one a name is that of a policy unless it looks like a file's. */
const isFile = (text: string, directory: unknown): boolean =>
  /\.ya?ml$/i.test(text) || /[/\\]/.test(text) || (directory === undefined && existsSync(text))

/** The text of a policy file, or of a policy that is saved in the workspace of `-w`. */
async function textOf(context: CommandContext, given: string, directory: unknown): Promise<string> {
  if (isFile(given, directory)) return readTextFile(given)
  if (directory === undefined)
    throw new WorkbenchError('INVALID_INPUT', `There is no file "${given}". For the policy of that name in a workspace add -w DIR.`)
  return inWorkspace(context, directory, async (workspace) => {
    const { name, sha256 } = await policyNamed(workspace, given)
    return (await workspace.policies.text({ name, sha256 })).text
  })
}

/** `policy check`. */
export const checkPolicy: CommandBody = async (context, [file], options) => {
  const text = await textOf(context, file, options.workspace)
  const { examinePolicy } = await import('../core/policies')
  const { policy, problems: found, tests } = examinePolicy(text)
  const problems = inOrder(found)
  const holds = policy !== null && !problems.some(isError)
  const { name = null, rules = [] } = policy?.document ?? {}
  const end = holds
    ? `${file}: the policy "${name}", ${countOf(rules.length, 'rule')}, is sound${problems.length > 0 ? `; ${countProblems(problems)}` : ''}.`
    : `${file}: nothing can pass it; ${countProblems(problems)}.`
  context.output.result({ file, holds, name, sha256: policy?.sha256 ?? null, rules: rules.length, problems, tests }, [
    ...problems.map((problem) => describeProblem(problem, file)),
    end
  ])
  return holds ? EXIT.done : EXIT.refuted
}

/** `policy test`. */
export const testPolicy: CommandBody = async (context, [file], options) => {
  const text = await textOf(context, file, options.workspace)
  if (options.facts !== undefined) return tryOn(context, text, String(options.facts))
  const { examinePolicy, parsePolicy } = await import('../core/policies')
  const { name } = parsePolicy(text).document
  return sayTests(context, name, examinePolicy(text).tests)
}

async function tryOn({ output }: CommandContext, text: string, file: string): Promise<ExitCode> {
  const { schema: _schema, version: _version, name, ...facts } = readDocumentFile(file, GateFactsFile, 'a document of gate facts')
  const { evaluatePolicy, parsePolicy } = await import('../core/policies')
  const report = evaluatePolicy(parsePolicy(text), facts)
  output.result({ ...(name !== undefined && { name }), word: gateWord(report), report }, [
    ...(name === undefined ? [] : [name]),
    ...describeReport(report)
  ])
  return report.outcome === 'pass' ? EXIT.done : EXIT.refuted
}

function sayTests({ output }: CommandContext, policy: string, items: PolicyTestResult[]): ExitCode {
  const passed = items.filter((test) => test.passed).length
  const end =
    items.length === 0
      ? 'It has no examples, so nothing is shown. Write some under tests: one that passes, one that fails, one where nothing was measured.'
      : `${passed} of ${countOf(items.length, 'example')} of "${policy}" hold.`
  const holds = items.length > 0 && passed === items.length
  output.result({ policy, holds, ...listOf(items), passed }, [...items.flatMap(describeTest), end])
  return holds ? EXIT.done : EXIT.refuted
}
