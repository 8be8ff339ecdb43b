import type { PortType } from '../../model/pipeline'
import type { AttemptEnvironment } from '../../model/pipeline-run'
import type { StepInput } from './define-step'
import type { JobFailure } from '../../model/job'
import type { Sha256 } from '../../model/reference'

/** What the host tells a step worker, once, after it has recorded the worker's token and pid. */
export interface StepOrder {
  kind: 'run'
  stepType: string
  stepId: string
  parameters: unknown
  frozen: Record<string, unknown>
  seed: number
  inputs: Record<string, StepInput>
  /** Output ports that must be there at the end, and those that may. */
  outputs: Record<string, { type: PortType; optional: boolean }>
  directory: string
  workspace: string
  dataDirectory: string
  objectsDirectory: string
  logFile: string
  memoryLimitBytes: number
  /** Values of the declared environment variables when the attempt began; the worker itself may be older. */
  environment: Record<string, string | undefined>
  secrets: Record<string, string>
  /** Whether programs that it starts are to be confined where that can be had. */
  confine: boolean
}
export type HostMessage = StepOrder | { kind: 'cancel' }

/** A file in the attempt's folder that becomes an output. `parts` are further files that it names. */
export interface FinishedOutput {
  port: string
  type: PortType
  path: string
  /** Set when the output is an input passed on unchanged: its SHA-256 in the store. */
  existing?: Sha256
  rows: number | null
  mediaType: string
  parts: { name: string; path: string; sha256: Sha256 }[]
}
/** How the step ended, with the highest resident memory of the worker itself, bytes. */
export type LastMessage = { peakMemory: number } & ({ kind: 'done'; outputs: FinishedOutput[] } | { kind: 'failed'; failure: JobFailure })
export type WorkerMessage =
  /** The order was taken; what the attempt runs on. */
  | { kind: 'started'; environment: AttemptEnvironment }
  /** How the program of the step is held, once that is known. */
  | { kind: 'confined'; how: string }
  | { kind: 'progress'; fraction: number | null; message: string }
  | { kind: 'metrics'; points: { name: string; value: number; step: number; at: string }[] }
  | LastMessage
