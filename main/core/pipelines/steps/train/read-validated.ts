import { promises as fs } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import { crossValidationSchema, type CrossValidation } from '../../../../model/cross-validation'
import { WorkbenchError } from '../../../../model/errors'
import { taskOf } from '../../../../model/tasks'
import type { HoldBack } from '../../../../model/training'
import type { RunOf, StepInput } from '../../define-step'
import type { trainDefinition } from './definition'

/**
 * The cross-validation that a training is the final fit of. Its figures are about one way to train on these rows: a training of another
 * kind would carry figures that say nothing of it.
 * @throws WorkbenchError EVIDENCE_MISMATCH naming what differs
 */
export async function readValidated(
  { parameters: p, inputs }: Pick<RunOf<typeof trainDefinition>, 'parameters' | 'inputs'>,
  { path }: StepInput,
  { features, weight, exposure }: { features: readonly string[]; weight?: string; exposure?: string }
): Promise<CrossValidation> {
  const document = crossValidationSchema.parse(JSON.parse(await fs.readFile(path, 'utf8')))
  if (document.table.sha256 !== inputs.train.sha256)
    throw mismatch('other rows than this step learns from', 'Connect the same table to both')
  const own = {
    ...{ task: p.task, target: p.target, weight, exposure, classWeights: p.classWeights, algorithm: p.algorithm },
    ...taskOf(p).asked.train(p)
  }
  for (const [name, value] of Object.entries(own)) {
    const judged = (document as Record<string, unknown>)[name]
    if (!isDeepStrictEqual(judged, value))
      throw mismatch(`${name} ${worded(judged)}, and this step has ${worded(value)}`, 'Give both steps the same')
  }
  if (!isDeepStrictEqual(document.features, features))
    throw mismatch(
      `the features ${document.features.join(', ')}, and this step learns from ${features.join(', ')}`,
      'Give both steps the same'
    )
  const settings = settingsOf(document)
  for (const [name, value] of Object.entries(p.parameters))
    if (!isDeepStrictEqual(settings[name], value))
      throw mismatch(`${name} ${worded(settings[name])}, and this step has ${worded(value)}`, 'Take that setting out here')
  return document
}

/** The settings that it judged, or chose: what the final fit takes. */
export const settingsOf = ({ chosen, parameters }: CrossValidation): CrossValidation['parameters'] => chosen?.parameters ?? parameters

/** How the models of its folds held rows back to stop their training, where the folds themselves say it: the final fit does the same. */
export const holdBackOf = ({ design: { by, column } }: CrossValidation): HoldBack | undefined =>
  by === 'group' || by === 'time' ? { by, column } : undefined

const worded = (value: unknown): string => (value === undefined ? 'none' : JSON.stringify(value))

const mismatch = (judged: string, next: string): WorkbenchError =>
  new WorkbenchError('EVIDENCE_MISMATCH', `The cross-validation judged ${judged}. ${next}, or disconnect it.`)
