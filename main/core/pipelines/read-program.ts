import { ProgramEnvironment, type ProgramSummary } from '../../model/program-environment'
import type { WorkspaceContext } from '../workspace/context'

/** The environment that a summary is about, out of the content store; undefined when it is not there any more. */
export async function readProgram(
  { objects }: WorkspaceContext,
  summary: ProgramSummary | null | undefined
): Promise<ProgramEnvironment | undefined> {
  if (!summary || !objects.has(summary.sha256)) return undefined
  return ProgramEnvironment.parse(JSON.parse((await objects.read(summary.sha256)).toString('utf8')))
}
