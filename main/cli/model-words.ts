import { WorkbenchError } from '../model/errors'
import { exportWarnings } from '../model/export-warnings'
import { didYouMean } from '../model/near-names'
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

/** What is still missing before an export, one line each. */
export function missingLines(version: Pick<ModelVersion, 'gate' | 'purpose'>): string[] {
  const warnings = exportWarnings(version)
  return warnings.length === 0
    ? ['Nothing is missing for an export.']
    : ['Missing for an export:', ...warnings.map((text) => `  - ${text}`)]
}
