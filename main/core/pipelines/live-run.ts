import { WorkbenchError } from '../../model/errors'
import type { JobFailure, Progress } from '../../model/job'
import type { ParameterValue, PipelineDocument, PipelineParameter, PipelineStep } from '../../model/pipeline'
import { isSettled, type RunState, type StepState } from '../../model/pipeline-run'
import type { JobHandle } from '../jobs'
import { noProgress } from '../jobs'
import type { AnyStep } from './define-step'
import type { AttemptId, ProducedFile } from './journal'
import type { GivenInput } from './run-evidence'
import type { RunGraph } from './run-graph'
import { dependenciesOf } from './step-dependencies'
import type { Sha256, PipelineRunId } from '../../model/reference'

/** A step of a run that this process is working on. */
export interface LiveStep {
  step: PipelineStep
  definition: AnyStep
  parameters: Record<string, unknown>
  frozen: Record<string, unknown>
  needs: string[]
  state: StepState
  /** Why it ended so, while the journal does not have it. */
  failure: JobFailure | null
  failures: number
  /** Set while a failed attempt waits to be repeated. */
  retryTimer: NodeJS.Timeout | null
  progress: Progress
  /** When its attempt began, milliseconds of this program. */
  began: number | null
  waitingFor: string | null
  cacheKey: string | null
  /** Set while, and after, another step did the same work; what it made is this one's too, if it comes to that. */
  sameWork: boolean
  /** What it was frozen with changed while it worked: its result is not for others to take. */
  isVolatile: boolean
  /** Where the outputs were made, and the outputs, once the step succeeded. */
  source: AttemptId | null
  outputs: ProducedFile[]
}
/** Reason with which attempts are stopped when the program ends: the run goes on at the next start, so nothing is said to have failed. */
export const PROGRAM_ENDS = 'The program ends.'

export interface LiveRun {
  id: PipelineRunId
  pipeline: string
  version: Sha256
  force: boolean
  document: PipelineDocument
  parameters: Record<string, ParameterValue>
  /** Known to this process only. */
  secrets: Readonly<Record<string, string>>
  steps: ReadonlyMap<string, LiveStep>
  graph: RunGraph<LiveStep>
  state: RunState
  /** As `LiveStep.failure`. */
  failure: JobFailure | null
  job: JobHandle
  cancel: AbortController
}

/** What of a run says what its steps are handed. */
export type RunSteps = Pick<LiveRun, 'id' | 'pipeline' | 'force' | 'steps'>

/** The steps of a run in document order, without those the target does not need. */
export function selectSteps(document: PipelineDocument, target: string | null): PipelineStep[] {
  if (target === null) return document.steps
  const needs = dependenciesOf(document.steps)
  const wanted = new Set<string>()
  const pending = [target]
  while (pending.length) {
    const id = pending.pop()!
    if (wanted.has(id)) continue
    wanted.add(id)
    pending.push(...(needs.get(id) ?? []))
  }
  return document.steps.filter((step) => wanted.has(step.id))
}

/** A step before anything was done for it. */
export function createLiveStep(
  step: PipelineStep,
  definition: AnyStep,
  parameters: Record<string, unknown>,
  frozen: Record<string, unknown>
): LiveStep {
  return {
    step,
    definition,
    parameters,
    frozen,
    needs: [...new Set(Object.values(step.inputs ?? {}).map((from) => from.split('.')[0]))],
    state: 'waiting',
    failure: null,
    failures: 0,
    retryTimer: null,
    progress: noProgress,
    began: null,
    waitingFor: null,
    cacheKey: null,
    sameWork: false,
    isVolatile: false,
    source: null,
    outputs: []
  }
}

/** An input of a step: the file at the port, the files that belong to it, and where it is from. */
export interface LiveInput extends GivenInput {
  port: string
}

/** The inputs of a step whose needs have succeeded, by port. Throws JOB_FAILED when an optional output was not made. */
export function inputsOf(run: Pick<LiveRun, 'id' | 'steps'>, live: LiveStep): LiveInput[] {
  const given = Object.entries(live.definition.given?.(live.frozen) ?? {}).map(([port, input]) => ({ port, ...input }))
  return [...given, ...connectedTo(run, live)].sort((a, b) => (a.port < b.port ? -1 : 1))
}

function connectedTo(run: Pick<LiveRun, 'id' | 'steps'>, live: LiveStep): LiveInput[] {
  return Object.entries(live.step.inputs ?? {}).map(([port, reference]): LiveInput => {
    const [stepId, output] = reference.split('.')
    const from = run.steps.get(stepId)!
    const file = from.outputs.find((item) => item.port === output && item.part === '')
    if (!file)
      throw new WorkbenchError(
        'JOB_FAILED',
        `"${live.step.id}" needs "${reference}", but "${stepId}" made no such output this time. Change the parameters of "${stepId}" or disconnect it.`
      )
    const parts = from.outputs.filter((item) => item.port === output && item.part !== '')
    return { port, file, parts, source: from.source, stepType: from.definition.type, from: { run: run.id, step: stepId } }
  })
}

/** Whether a step of the same type stands before it that has the same output at a port and is still to end. */
export function isPreceded({ steps }: Pick<LiveRun, 'steps'>, { step, definition }: LiveStep, port: string): boolean {
  for (const other of steps.values()) {
    if (other.step.id === step.id) return false
    if (other.definition.type === definition.type && other.step.inputs?.[port] === step.inputs?.[port] && !isSettled(other.state))
      return true
  }
  return false
}

/** Names of the secrets that a step is handed. */
export const secretsOf = ({ definition, parameters }: LiveStep): string[] => definition.secrets?.(parameters as never) ?? []

/** Progress of a run: finished steps count whole, running ones by their fraction. */
export function deriveRunProgress({ steps, graph }: LiveRun): { fraction: number; message: string } {
  const running = [...graph.running]
  const done = running.reduce((sum, step) => sum + (step.progress.fraction ?? 0), graph.settled)
  return { fraction: steps.size ? done / steps.size : 1, message: running.map((step) => step.step.title ?? step.step.id).join(', ') }
}

/** The parameters that a run was given another value for than the default of the document, secrets left out. */
export const givenParameters = (
  document: Pick<PipelineDocument, 'parameters'>,
  values: Readonly<Record<string, ParameterValue>>
): PipelineParameter[] =>
  (document.parameters ?? []).filter(
    ({ name, type, default: usual }) => type !== 'secret' && Object.hasOwn(values, name) && values[name] !== usual
  )
