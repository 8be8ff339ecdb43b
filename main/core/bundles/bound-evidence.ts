import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import type { ClassWeights } from '../../model/class-weights'
import type { Sha256 } from '../../model/reference'
import { Sha256 as Sha256Schema } from '../../model/reference'
import type { ReproductionRecord } from '../../model/reproduction-record'
import type { GateFactSources } from '../policies'
import { findUnboundRecord } from './bound-record'

const named = z.array(z.object({ digest: z.object({ sha256: Sha256Schema }) }))

/** What a bundle says of the making of its model: each step with what it read and made, by digest. */
export const provenanceSteps = z.object({
  predicate: z.object({
    buildDefinition: z.object({ internalParameters: z.object({ steps: z.array(z.object({ inputs: named, outputs: named })) }) })
  })
})

/** An explanation, as far as it says which model it is about. */
export const aboutModel = z.object({ model: z.object({ sha256: Sha256Schema }) })

/** A drawing of a model that is read whole, as far as it says so. */
export const drawingOfModel = z.object({ model: Sha256Schema.optional() })

interface Bundle {
  sources: GateFactSources
  /** Explanations by the file that they stand in. */
  explained: Readonly<Record<string, z.infer<typeof aboutModel> | undefined>>
  /** Undefined where the bundle does not say how its model was made. */
  provenance: z.infer<typeof provenanceSteps> | undefined
  /** The record to do the run again from; undefined where the bundle carries none. */
  reproduction?: Pick<ReproductionRecord, 'found'> | undefined
  /** SHA-256 of the files that are as they were signed. */
  digestOf: (name: string) => Sha256 | undefined
}

const worded = (weights: ClassWeights | undefined): string => (weights === undefined ? 'not at all' : JSON.stringify(weights))

const short = (sha256: Sha256): string => sha256.slice(0, 8)

/**
 * Says why the evidence is not known to be about the enclosed model, one sentence each; none where it is. The documents themselves are held
 * against the model and against each other: no stored verdict is asked, so taking one out takes no check out. What was
 * settled after the training, and the parity of an import, are held with every bundle before (bundle-format/bound-records.ts).
 */
export function findUnbound({
  sources: { evaluation, quality, training, crossValidation, imported },
  explained,
  provenance,
  reproduction,
  digestOf
}: Bundle): string[] {
  const model = digestOf('model/model.onnx') ?? digestOf('model/scorer.json')
  if (!model) return ['the bundle encloses no model, so its evidence is about nothing that is here.']
  if (!evaluation) return ['the bundle encloses no evaluation, so nothing says how its model answers.']
  const { subject } = evaluation
  if (!subject)
    return [
      'evidence/evaluation.json was made by an earlier Drydock and does not say which model it is about, so it cannot be bound to the enclosed one. Ask the author to evaluate again and to export.'
    ]
  const steps = (provenance?.predicate.buildDefinition.internalParameters.steps ?? []).map(({ inputs, outputs }) => ({
    made: new Set(outputs.map(({ digest }) => digest.sha256)),
    all: new Set([...inputs, ...outputs].map(({ digest }) => digest.sha256))
  }))
  const reasons: string[] = []
  const differ = (what: string, found: Sha256, wanted: Sha256 | null | undefined, here: string): void => {
    if (wanted && found !== wanted) reasons.push(`${what} ${short(found)}, but ${here} ${short(wanted)}.`)
  }
  differ('evidence/evaluation.json is about the model', subject.model, model, 'the enclosed one is')
  const { manifest } = subject
  if (manifest && !steps.some(({ made }) => made.has(manifest) && made.has(model)))
    reasons.push(
      `evidence/evaluation.json is about the model with its files as ${short(manifest)} names them, and lineage/provenance.slsa.json has no step that made these, so they cannot be bound to the enclosed ones.`
    )
  if (subject.rows === subject.trainingRows)
    reasons.push('evidence/evaluation.json was made over the rows that the model was trained on, so it says nothing about new rows.')
  if (training) {
    differ('evidence/training.json is about the model', training.files.model.sha256, model, 'the enclosed one is')
    const { signature } = training.files
    differ('evidence/training.json names the signature', signature.sha256, digestOf('model/signature.json'), 'the enclosed one is')
    if (training.trainingTable)
      differ('evidence/training.json names the training table', training.trainingTable.sha256, subject.trainingRows, 'the evaluation names')
  }
  if (crossValidation) {
    const { table, algorithm, target, classWeights } = crossValidation
    differ(
      'evidence/cross-validation.json is about the table',
      table.sha256,
      subject.trainingRows,
      'the evaluation names as training table'
    )
    if (training && (training.algorithm !== algorithm || training.target.name !== target))
      reasons.push(
        `evidence/cross-validation.json is about ${algorithm} for "${target}", but the enclosed model is ${training.algorithm} for "${training.target.name}".`
      )
    if (training && !isDeepStrictEqual(classWeights, training.classWeights?.asked))
      reasons.push(
        `evidence/cross-validation.json weighed the classes in another way (${worded(classWeights)}) than the training of the enclosed model (${worded(training.classWeights?.asked)}).`
      )
  }
  for (const [file, about] of Object.entries(explained))
    if (about) differ(`${file} explains the model`, about.model.sha256, model, 'the enclosed one is')
  if (imported?.external) differ('evidence/import.json is about the program', imported.original.sha256, model, 'the enclosed one is')
  if (imported && imported.adapted.length > 0)
    differ(
      'evidence/import.json is about the original',
      imported.original.sha256,
      digestOf('evidence/original.onnx'),
      'the enclosed one is'
    )
  if (reproduction) reasons.push(...findUnboundRecord(reproduction, evaluation, digestOf))
  if (quality && quality.sha256 !== subject.rows && quality.sha256 !== subject.trainingRows)
    if (!steps.some(({ all }) => all.has(quality.sha256)))
      reasons.push(
        `evidence/quality-report.json is about the table ${short(quality.sha256)}, which is neither the training table nor the judged one, and lineage/provenance.slsa.json names no such table behind the model.`
      )
  return reasons
}
