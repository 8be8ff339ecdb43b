import { join, resolve } from 'node:path'
import { inspectBundle } from '../core/bundles'
import { keysIn } from '../core/people'
import { defaultUserDirectory } from '../core/user-directory'
import { VerdictQuestion } from '../model/bundle'
import { WorkbenchError } from '../model/errors'
import { fit } from '../model/schema-words'
import { namedRelease } from './named-release'
import { EXIT } from './output'
import { readTrustOptions } from './read-trust-options'
import { describeReport } from './report-text'
import { ofVerify } from './trust-options'
import type { CommandBody } from './command'

const verdictExits = { holds: EXIT.done, altered: EXIT.refuted, rejected: EXIT.rejected, insufficient: EXIT.insufficient } as const

/** What is asked of a bundle beyond that it holds. @throws WorkbenchError INVALID_INPUT */
export function readQuestion({ approvals, gate, stage }: Record<string, unknown>): VerdictQuestion {
  const question = fit(VerdictQuestion, { gate, stage, ...(approvals !== undefined && { approvals: Number(approvals) }) })
  if (question.success) return question.data
  const [name] = question.problems[0].path
  const takes = { approvals: 'a number of persons from 1', gate: '"pass"', stage: '"released"' }[String(name)]
  const given = { approvals, gate, stage }[String(name)]
  throw new WorkbenchError('INVALID_INPUT', `--${String(name)} takes ${takes}, not "${String(given)}". Nothing was verified.`)
}

/** `verify`. */
export const verify: CommandBody = async ({ output, signal }, [path], options) => {
  const reviewerPaths = options.reviewer as string[] | undefined
  // The folder of keys alone: nobody needs a workbench to know what they signed themselves.
  const trust = { ...readTrustOptions(options, ofVerify), reviewerPaths, own: keysIn(join(defaultUserDirectory(), 'keys')) }
  const inspected = await inspectBundle(resolve(path), trust, { signal, question: readQuestion(options) })
  const { report, model } = inspected
  const release = await namedRelease(inspected)
  // A bundle can be whole and its figures still say little, or its own gate have failed: the verdict is about neither.
  const concern = model?.concern
  const besides = { ...(concern && { concern }), ...(release && { release }) }
  output.result({ ...report, ...besides }, describeReport(report, { concern: concern?.text, release }))
  return verdictExits[report.verdict]
}
