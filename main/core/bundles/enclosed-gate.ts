import { z } from 'zod'
import { WorkbenchError } from '../../model/errors'
import { crossValidationSchema } from '../../model/cross-validation'
import { evaluationSchema } from '../../model/evaluation'
import type { GateReport } from '../../model/policy'
import { qualityReportSchema } from '../../model/quality'
import { printDigest, Sha256 } from '../../model/reference'
import { importedModelSchema } from '../../model/imported-model'
import { paritySchema } from '../../model/parity'
import { reproductionRecordFile, reproductionRecordSchema } from '../../model/reproduction-record'
import { modelSignatureSchema, trainedModelSchema } from '../../model/training'
import type { GateJudgement, ReadVerified } from '../bundle-format'
import { deriveGateFacts, evaluatePolicy, explainAbsent, parsePolicy } from '../policies'
import { aboutModel, drawingOfModel, findUnbound, provenanceSteps } from './bound-evidence'

const policyFile = 'policy/policy.yaml'
const otherPolicy = /^policy\/.+\.ya?ml$/i
const seedsOfRun = z.object({ seeds: z.record(z.string(), z.number()) })
const historyOfGates = z.object({
  gates: z.array(
    z.object({
      policy: z.string(),
      policySha256: Sha256,
      outcome: z.enum(['pass', 'fail']),
      shortfall: z.string().optional(),
      at: z.string()
    })
  )
})
const trialLedger = z.object({ counts: z.object({ total: z.int() }) })

/**
 * Holds the gate of a bundle anew: the enclosed policy over the enclosed evidence, by the engine of the gate step. What was decided before is
 * not looked at. A fact that the bundle does not enclose leaves the rules about it undecided, and these fail; evidence that is about
 * something else than the enclosed model, or cannot be bound to it, decides nothing.
 * @param verified SHA-256 by name of all files that are as they were signed
 */
export async function judgeGate(verified: ReadonlyMap<string, Sha256>, read: ReadVerified): Promise<GateJudgement> {
  const none = (reason: string): GateJudgement => ({ outcome: 'fail', policy: null, reasons: [reason] })
  const others = [...verified.keys()].filter((name) => otherPolicy.test(name) && name !== policyFile)
  if (others.length > 0)
    return none(
      `the bundle encloses ${others.length + 1} policies (${[policyFile, ...others].join(', ')}), so which of them counts is open.`
    )
  const text = await read(policyFile)
  if (!text) return none('the bundle encloses no policy, as of a model that was registered without a gate.')
  try {
    const policy = parsePolicy(text.toString('utf8'))
    const sources = { ...(await readSources(read)), portable: verified.has('model/model.onnx') }
    const { document } = await readDocument(read, 'evidence/trials.json', trialLedger)
    const environment = await readDocument(read, 'lineage/environment.json', seedsOfRun)
    const provenance = await readDocument(read, 'lineage/provenance.slsa.json', provenanceSteps)
    const unbound = findUnbound({
      sources,
      explained: await readExplained(read),
      provenance: provenance.document,
      reproduction: (await readDocument(read, reproductionRecordFile, reproductionRecordSchema)).document,
      digestOf: (name) => verified.get(name)
    })
    const { training } = sources
    const run = {
      seeded: training !== undefined || Object.keys(environment.document?.seeds ?? {}).length > 0,
      // Bundles of earlier programs do not say which table it was, and a run that may well be repeatable is none that is not.
      ...(training?.trainingTable && { reproducible: true }),
      ...(document && { trials: document.counts.total })
    }
    const report = evaluatePolicy(policy, { ...deriveGateFacts(sources), run }, new Date(), null, {
      ...explainAbsent(sources),
      ...unrecorded
    })
    const history = await readDocument(read, 'policy/history.json', historyOfGates)
    const before = (history.document?.gates ?? []).filter((gate) => gate.policy === report.policy && gate.policySha256 !== report.sha256)
    const reasons = [...unbound, ...reasonsOf(report), ...failedBefore(report, before)]
    const remarks = [...undecidedBefore(report, before), ...heldUnmeasured(report)]
    return { outcome: reasons.length > 0 ? 'fail' : 'pass', policy: `${report.policy}@${printDigest(report.sha256)}`, reasons, remarks }
  } catch (error) {
    if (error instanceof WorkbenchError) return none(error.message)
    throw error
  }
}

const unrecorded = {
  'run.reproducible': 'the bundle does not record by digest which table the model learned from, as those of earlier programs do not.'
}

async function readSources(read: ReadVerified) {
  const [evaluation, quality, training, signature, imported, parity, folds] = await Promise.all([
    readDocument(read, 'evidence/evaluation.json', evaluationSchema),
    readDocument(read, 'evidence/quality-report.json', qualityReportSchema),
    readDocument(read, 'evidence/training.json', trainedModelSchema),
    readDocument(read, 'model/signature.json', modelSignatureSchema),
    readDocument(read, 'evidence/import.json', importedModelSchema),
    readDocument(read, 'evidence/parity.json', paritySchema),
    readDocument(read, 'evidence/cross-validation.json', crossValidationSchema)
  ])
  return {
    evaluation: evaluation.document,
    quality: quality.document,
    training: training.document,
    signature: signature.document,
    imported: imported.document,
    parity: parity.document,
    crossValidation: folds.document
  }
}

const explanations = ['evidence/contributions.json', 'evidence/dependence.json']
const glassBoxFile = 'evidence/glass-box.json'

/** Explanations are no facts of a policy, but a reviewer takes them to be about the enclosed model. */
async function readExplained(read: ReadVerified) {
  const found = await Promise.all(explanations.map(async (name) => [name, (await readDocument(read, name, aboutModel)).document] as const))
  const drawn = (await readDocument(read, glassBoxFile, drawingOfModel)).document
  // Drawings of earlier programs do not say it; the reviewer is told so where they are shown.
  return Object.fromEntries([...found, [glassBoxFile, drawn?.model && { model: { sha256: drawn.model } }] as const])
}

/** A document that is there and cannot be read must not pass for one that is not there. @throws WorkbenchError INVALID_INPUT */
async function readDocument<T>(read: ReadVerified, name: string, schema: z.ZodType<T>): Promise<{ document: T | undefined }> {
  const bytes = await read(name)
  if (!bytes) return { document: undefined }
  try {
    return { document: schema.parse(JSON.parse(bytes.toString('utf8'))) }
  } catch (cause) {
    throw new WorkbenchError('INVALID_INPUT', `${name} cannot be read, so the policy cannot be held over it.`, { cause })
  }
}

function reasonsOf({ outcome, reason, results }: GateReport): string[] {
  if (outcome === 'pass') return []
  const rules = results
    .filter((result) => result.severity === 'block' && result.outcome !== 'pass')
    .map((result) =>
      result.outcome === 'error'
        ? `the rule "${result.title}" cannot be decided: ${result.errorDetail ?? ''}`
        : `the rule "${result.title}" does not hold. ${result.message}`
    )
  return rules.length > 0 ? rules : [reason]
}

type Earlier = z.infer<typeof historyOfGates>['gates']

/** A run that failed under one text of a policy has failed, whatever another text of the same name says. */
const failedBefore = ({ policy, sha256 }: GateReport, before: Earlier): string[] =>
  before
    .filter(({ outcome, shortfall }) => outcome === 'fail' && shortfall === undefined)
    .slice(0, 1)
    .map(
      ({ policySha256, at }) =>
        `by its own history (policy/history.json) the model failed "${policy}" under ${policySha256.slice(0, 8)} on ${at.slice(0, 10)}, and the bundle encloses another text of it, ${sha256.slice(0, 8)}. Another text cures no failure.`
    )

/** What was undecided may be mended by a better text; that it was is said. */
const undecidedBefore = ({ policy, sha256 }: GateReport, before: Earlier): string[] =>
  before
    .filter(({ shortfall }) => shortfall === 'undecided')
    .slice(0, 1)
    .map(
      ({ policySha256 }) =>
        `why "${policy}" was changed from ${policySha256.slice(0, 8)}, under which it was undecided, to ${sha256.slice(0, 8)}, by which it is held`
    )

/** Rules that hold with a fact that is not there: they ask `has()` for it. */
const heldUnmeasured = ({ results }: GateReport): string[] =>
  results
    .filter(({ severity, outcome }) => severity === 'block' && outcome === 'pass')
    .flatMap(({ title, evidence }) => {
      const absent = evidence.filter(({ present }) => !present).map(({ fact }) => fact)
      return absent.length > 0 ? [`what the rule "${title}" asks of ${absent.join(', ')}: it holds because that was not measured`] : []
    })
