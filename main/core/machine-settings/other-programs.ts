import { WorkbenchError } from '../../model/errors'
import { readMachineSettings } from './read-settings'

/** Why no program of somebody else may start on this computer; null where they may. */
export function whyNoPrograms(): string | null {
  const { scriptSteps, file } = readMachineSettings()
  return scriptSteps === 'off'
    ? `programs of pipelines and commands are switched off on this computer (scriptSteps: off, set by your administrator in "${file}")`
    : null
}

/**
 * Asked right before a program that a pipeline or a person names is started.
 * @param what what would start it, to begin a sentence
 * @throws WorkbenchError FORBIDDEN
 */
export function assertProgramsMayStart(what: string): void {
  const why = whyNoPrograms()
  if (why !== null) throw new WorkbenchError('FORBIDDEN', `${what} was not started: ${why}. Ask your administrator, or do without it.`)
}
