import { stringify } from 'yaml'
import { taskOf } from '../../tasks'
import { modelFileIn, modelReference, type BundleFacts } from './bundle-facts'
import { printDigest } from '../../../model/reference'
import { approvalsOf, exitCodes, verifyCommand } from './verify-command'

/** No aliases and no folded lines: an operator reads it, and small parsers do, too. */
const yaml = (document: unknown): string => stringify(document, { aliasDuplicateObjects: false, lineWidth: 0 })

/** Two significant digits, rounded up: a limit a person can remember. */
function roundUp(value: number): number {
  if (!(value > 0)) return 0
  const power = 10 ** (Math.floor(Math.log10(value)) - 1)
  return Number((Math.ceil(value / power - 1e-9) * power).toPrecision(2))
}

const round = (share: number): number => Math.round(Math.min(1, Math.max(0, share)) * 1e4) / 1e4

export interface OperatingLimits {
  /** Seconds; three times the measured p99, so that a slower machine of the same class still fits. */
  latencyP99: number
  measuredP99: number
  /** Share of rows that the model decided for in the evaluation. */
  selectionRate: number
  /** Outside of this band over a window of 1,000 rows the input has changed (four standard errors). */
  selectionBand: readonly [number, number]
  /** Share of a window of 1,000 rows that may be refused (four standard errors above what was measured). */
  refusedShare: number
  /** Rows to shadow until enough cases are expected. */
  shadowRows: number
}

/** Derives the limits of operation from the evaluation; every one of them can be traced to a measured figure. */
export function deriveOperatingLimits(facts: BundleFacts): OperatingLimits {
  const { rows, latency } = facts.evaluation
  const expected = taskOf(facts.evaluation).operation.expectedSelection(facts.evaluation)
  const selectionRate = expected.rate
  const judged = Math.max(1, rows.judged)
  const error = 4 * Math.sqrt(Math.max(selectionRate * (1 - selectionRate), 1 / judged) * (1 / 1000 + 1 / judged))
  const { sample } = facts
  const tested = sample?.tested ?? 0
  const refused = sample && tested > 0 ? sample.refused / tested : null
  const refusedError = refused === null ? 0 : 4 * Math.sqrt(Math.max(refused * (1 - refused), 1 / tested) * (1 / 1000 + 1 / tested))
  return {
    refusedShare: refused === null ? 0.02 : round(refused + refusedError),
    latencyP99: roundUp(latency.p99 * 3),
    measuredP99: latency.p99,
    selectionRate: round(selectionRate),
    selectionBand: [round(selectionRate - error), round(selectionRate + error)],
    shadowRows: roundUp(expected.rowsUntilSeen)
  }
}

interface Objective {
  id: string
  measure: string
  unit: string
  at_least?: number
  at_most?: number
  measured_before_release?: number
  window: string
  /** Where the limit comes from. */
  basis: string
}

function deriveObjectives(facts: BundleFacts): Objective[] {
  const limits = deriveOperatingLimits(facts)
  const { latency, rows } = facts.evaluation
  const { operation } = taskOf(facts.evaluation)
  const { sample } = facts
  const { cpu, os, runtime } = facts.run.environment
  const ranking = operation.outcomeObjective(facts.evaluation)
  return [
    {
      id: 'latency',
      measure: '99th percentile of the time to score one row',
      unit: 's',
      at_most: limits.latencyP99,
      measured_before_release: limits.measuredP99,
      window: '15 minutes',
      basis: `three times the 99th percentile of ${latency.calls} calls on ${cpu}, ${os}, ${runtime}`
    },
    {
      id: 'refused',
      measure: 'share of rows refused because a value is out of range or missing against the signature',
      unit: '0..1',
      at_most: limits.refusedShare,
      ...(sample && sample.tested > 0
        ? {
            measured_before_release: round(sample.refused / sample.tested),
            window: '1000 rows',
            basis: `${sample.refused} of the ${sample.tested} test rows, and four standard errors of a window`
          }
        : { window: '1000 rows', basis: 'a starting value; it was not measured before release' })
    },
    {
      id: 'selection-rate',
      measure: operation.text.selected(facts.evaluation),
      unit: '0..1',
      at_least: limits.selectionBand[0],
      at_most: limits.selectionBand[1],
      measured_before_release: limits.selectionRate,
      window: '1000 rows',
      basis: `the share among the ${rows.judged} evaluated rows, and four standard errors of a window`
    },
    ...(ranking === null ? [] : [ranking])
  ]
}

/** operate/slo.yaml */
export function buildServiceLevels(facts: BundleFacts): string {
  return yaml({ schema: 'drydock.slo', version: 1, model: modelReference(facts), objectives: deriveObjectives(facts) })
}

const whatCodesMean = exitCodes
  .slice(1)
  .map(([code, meaning]) => `${code} ${meaning}`)
  .join('; ')

/** What must hold before the first case: each check with what to run and the exact answer to expect. */
function deriveReleaseChecks(facts: BundleFacts) {
  const { signer, gate, files, sample } = facts
  const approvals = approvalsOf(facts)
  const deployed = modelFileIn(files)
  const unmet = gate?.results.filter((result) => result.outcome !== 'pass').map((result) => result.title) ?? []
  return [
    {
      check: 'files and signer',
      run: verifyCommand(facts),
      expect: `exit code 0${signer ? `, signer ${signer.keyFingerprint}` : ''}; ${whatCodesMean}`
    },
    ...(deployed ? [{ check: 'deployed model', run: `sha256sum ${deployed.path}`, expect: deployed.sha256 }] : []),
    {
      check: 'independent approval',
      run: verifyCommand(facts, { approvals: true }),
      expect: `exit code 0: ${approvals === 1 ? 'a person' : `${approvals} persons`} besides the author approved with a key that you know, and nobody whom you know rejects`
    },
    {
      check: 'release',
      run: verifyCommand(facts, { stage: true }),
      expect: 'exit code 0: somebody whom you know signed the release'
    },
    {
      check: 'policy gate',
      run: verifyCommand(facts, { gate: true }),
      expect: gate
        ? `${gate.outcome === 'pass' ? 'exit code 0: ' : ''}${gate.policy}@${printDigest(gate.sha256)} ${gate.outcome === 'pass' ? 'passes' : 'DID NOT PASS: do not deploy'}${unmet.length > 0 ? `; rules that do not hold: ${unmet.join('; ')}` : ''}`
        : 'no gate was run: do not deploy without a decision of the owner'
    },
    ...(sample && sample.rows > 0
      ? [
          {
            check: 'same answers in your runtime',
            run: 'score model/sample-inputs.arrow',
            expect: `${sample.rows} ${facts.signature.task === 'regression' ? 'predictions' : 'probabilities'} within 1e-6 of model/sample-outputs.arrow`
          }
        ]
      : [])
  ]
}

/** operate/rollout.yaml */
export function buildRolloutPlan(facts: BundleFacts): string {
  const limits = deriveOperatingLimits(facts)
  const objectives = deriveObjectives(facts).map((objective) => objective.id)
  const atOnce = objectives.filter((id) => id !== taskOf(facts.evaluation).operation.outcomeObjective(facts.evaluation)?.id)
  return yaml({
    schema: 'drydock.rollout',
    version: 1,
    model: modelReference(facts),
    before: deriveReleaseChecks(facts),
    phases: [
      {
        name: 'shadow',
        traffic: 0,
        until: `${limits.shadowRows} rows were scored beside the present procedure (${taskOf(facts.evaluation).operation.text.casesSeen})`,
        continue_when: atOnce
      },
      { name: 'pilot', traffic: 0.1, until: '7 days', continue_when: atOnce },
      { name: 'half', traffic: 0.5, until: '7 days', continue_when: atOnce },
      { name: 'full', traffic: 1, until: 'replaced or retired', continue_when: objectives }
    ],
    rollback: {
      when: [
        'an objective of slo.yaml is missed in two windows in a row',
        'drydock verify ends with another exit code than 0 on the deployed files',
        'the owner or a reviewer asks for it'
      ],
      to: facts.model.version > 1 ? `the version that was released before ${modelReference(facts)}` : 'the procedure without a model',
      within: '15 minutes',
      tell: facts.model.owner.name
    }
  })
}
