import { WorkbenchError } from '../model/errors'
import { exportWarnings } from '../model/export-warnings'
import { didYouMean } from '../model/near-names'
import { nameOf } from './named-model'
import { ownCommand } from './own-command'
import { ModelStage, type ModelVersion } from '../model/registry'

/** A stage by the words of the registry, however they are joined. Throws INVALID_INPUT with what was perhaps meant. */
export function readStage(what: string, text: string): ModelStage {
  const stage = ModelStage.safeParse(
    text
      .trim()
      .toLowerCase()
      .replace(/[-_ ]+/g, ' ')
  )
  if (stage.success) return stage.data
  throw new WorkbenchError(
    'INVALID_INPUT',
    `${what} is one of ${ModelStage.options.join(', ')}, not "${text}".${didYouMean(text, ModelStage.options)} Nothing was done.`
  )
}

/** What is still missing before an export, one line each, and how it is said in the workspace of this folder. */
export function missingLines(version: Pick<ModelVersion, 'name' | 'version' | 'gate' | 'purpose' | 'stage'>, directory: unknown): string[] {
  const warnings = exportWarnings(version)
  if (warnings.length === 0) return ['Nothing is missing for an export.']
  const isUndescribed = exportWarnings({ ...version, purpose: { ...version.purpose, purpose: '-', owner: '-' } }).length < warnings.length
  const isOpen = version.stage === 'draft' || version.stage === 'in review'
  return [
    'Missing for an export:',
    ...warnings.map((text) => `  - ${text}`),
    ...(isUndescribed && isOpen
      ? [`Describe it: ${ownCommand()} model describe -w "${String(directory)}" ${nameOf(version)} --purpose "..." --owner "..."`]
      : [])
  ]
}
