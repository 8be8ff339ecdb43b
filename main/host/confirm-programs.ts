import { contract } from '../../preload/contract'
import type { ServerOptions } from '../../preload/wire/server'
import type { Application } from '../core/application'
import type { StartedPrograms } from '../model/commands/pipelines'
import { WorkbenchError } from '../model/errors'
import type { WindowHandlers } from './handlers'

type Admit = NonNullable<ServerOptions['admit']>

/** That a page trusts a workspace, in which unfinished programs then go on, is a person's word: the shell asks for it. */
export function confirmTrust(mayTrust: (directory: string) => Promise<boolean>, admitPlaces: Admit): Admit {
  return (definition, raw) => {
    const admission = admitPlaces(definition, raw)
    if (definition !== contract.workspace.setTrust || !admission) return admission
    return admission.then(async (admitted) => {
      const { data: input } = contract.workspace.setTrust.input.safeParse(admitted.input)
      if (input?.trusted && !(await mayTrust(input.directory)))
        throw new WorkbenchError('CANCELLED', 'The workspace was not trusted. It stays restricted.')
      return admitted
    })
  }
}

/** A model that is a program is started by a pipeline, which shows it first, or by a person on the command line. */
function assertNoProgram(raw: unknown): void {
  if (contract.scoring.file.input.safeParse(raw).data?.runProgram)
    throw new WorkbenchError(
      'POLICY_DENIED',
      'The window starts no external scorer. Score with "drydock score ... --run-program". Nothing was run.'
    )
}

/**
 * What a page starts is seen by a person first: the programs of its steps are shown by the shell, once for each version of them, and
 * the run goes on only if it would start exactly those. A pipeline that starts no program asks nothing.
 */
export function confirmPrograms(
  app: Application,
  mayStart: (programs: StartedPrograms) => Promise<boolean>,
  handlers: WindowHandlers
): Admit {
  const ask = async (raw: unknown) => {
    const settle = (): void => undefined
    const { data: input } = contract.pipelines.run.input.safeParse(raw)
    const context = { workbench: app, signal: new AbortController().signal }
    // What is no input is refused as such further on, and so is everything that runs in a restricted workspace.
    if (!input || (await handlers.workspace.status({}, context)).workspace?.restricted) return { input: raw, settle }
    const found = await handlers.pipelines.programs(input, context)
    if (found.programs.length > 0 && !(await mayStart(found)))
      throw new WorkbenchError('CANCELLED', 'The programs of this pipeline were not allowed to start. Nothing was run.')
    return { input: { ...input, programs: found.digest }, settle }
  }
  return (definition, input) => {
    if (definition === contract.scoring.file) assertNoProgram(input)
    return definition === contract.pipelines.run ? ask(input) : undefined
  }
}
