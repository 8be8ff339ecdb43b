import type { z } from 'zod'
import type { PortType, StepTypeInfo } from '../../model/pipeline'
import type { AttemptEnvironment, OutputReference } from '../../model/pipeline-run'
import type { Database } from '../../storage/duckdb/database'
import type { ColumnLookup } from './column-roles/column-lookup'
import type { TableFacts } from './column-roles/table-facts'
import type { StepCommits } from './step-commits'

export interface InputPort {
  types: readonly PortType[]
  optional?: boolean
  help: string
}
export interface OutputPort {
  type: PortType
  optional?: boolean
  help: string
}

/** One thing a step reads: an immutable file. `files` are the parts of a Model (name -> path). */
export interface StepInput {
  type: PortType
  path: string
  sha256: string
  rows: number | null
  files: Record<string, string>
}

/** What a step sees while it runs, in a process of its own: files, a private DuckDB, and nothing of the ledger. */
export interface StepContext<P> {
  parameters: P
  seed: number
  inputs: Record<string, StepInput>
  /** The attempt's own folder; the only place it may write. Removed afterwards. */
  directory: string
  /** Values of the environment variables that the step declares, as they went into the content key. */
  environment: Record<string, string | undefined>
  signal: AbortSignal
  /** Fresh path in the attempt's folder for a file that will become an output. */
  path(name: string): string
  /** Declares an output: an Arrow IPC file (Table, FeatureSet) or any other file. Called once for each port. */
  output(port: string, path: string, about?: { type?: PortType; rows?: number; mediaType?: string }): void
  /** Declares an input, unchanged, as an output; no byte is copied. */
  passOn(port: string, input: StepInput): void
  /** Declares a JSON output (Report, Metrics), written with sorted layout as given. */
  outputJson(port: string, value: unknown): Promise<void>
  /**
   * Declares an output that consists of several files (a Model): the files go to the content store and the output itself
   * becomes a small manifest that names them by SHA-256.
   */
  outputFiles(port: string, files: Record<string, string>, about?: Record<string, unknown>): Promise<void>
  /** `fraction` 0..1 or null while unknown. */
  progress(fraction: number | null, message: string): void
  metric(name: string, value: number, step?: number): void
  /** Writes a line, or several, to the step's log; each gets the time. */
  log(lines: string): void
  /** The private in-memory DuckDB; it reads the workspace's data, objects and this attempt's folder only. */
  database(): Promise<Database>
  /** Path of an object of the content store. */
  objectPath(sha256: string): string
}

export interface FrozenDataset {
  sha256: string
  rows: number
  /** `dataset:name@sha256:...` */
  reference: string
  /** Declared role of each column. */
  roles: Record<string, string>
  /** When the value of each column is known, where that was declared. */
  knownWhen?: Record<string, string>
}

/** What a run is frozen with: facts that only the host knows are looked up once, at the start. */
export interface FreezeContext {
  directory: string
  putObject(bytes: Uint8Array | string): Promise<string>
  /** "latest" or (the beginning of) a SHA-256. */
  datasetVersion(name: string, version: string): Promise<FrozenDataset>
  policy(reference: string): Promise<{ sha256: string; name: string }>
  /** What is known of the table at each input. */
  tables?: Record<string, TableFacts>
}

/** What a commit hook is told, in the host, inside the transaction that makes the step SUCCEEDED. */
export interface CommitContext {
  pipeline: string
  pipelineSha256: string
  pipelineRun: string
  stepId: string
  stepTitle: string
  attempt: number
  parameters: Record<string, unknown>
  /** Frozen facts of `freeze`. */
  frozen: Record<string, unknown>
  startedAt: string
  finishedAt: string
  environment: AttemptEnvironment | null
  inputs: CommitInput[]
  outputs: OutputReference[]
  /** JSON outputs by port, already parsed. */
  json: Record<string, unknown>
  /** JSON inputs (reports, model manifests) by port, already parsed. */
  inputJson: Record<string, unknown>
  peakMemory: number | null
  commits: StepCommits
}
/** The same for an attempt that ended without outputs; joins the transaction that records its end. */
export type FailedCommitContext = Omit<CommitContext, 'outputs' | 'json' | 'inputJson'> & {
  outcome: 'failed' | 'cancelled' | 'interrupted' | 'timed-out' | 'out-of-memory'
  failure: { code: string; message: string }
}
export interface CommitInput {
  port: string
  type: PortType
  sha256: string
  reference: string
  rows: number | null
  /** The attempt that made it (the first one, when it came from the cache). */
  producedBy: { pipelineRun: string; stepId: string; attempt: number }
  /** Dataset versions it was made from, upstream. */
  datasets: string[]
}

export interface InlineOutput {
  port: string
  type: PortType
  sha256: string
  rows: number | null
  mediaType: string
  reference: string
}

export interface StepProblem {
  message: string
  parameter?: string
}

/** A step type: what it is called, what it takes and makes, and what it does. */
export interface StepDefinition<P = unknown> {
  type: string
  /** Goes up whenever the same inputs and parameters would give other outputs; part of the content key. */
  version: number
  title: string
  help: string
  icon: string
  category: StepTypeInfo['category']
  parameters: z.ZodType<P>
  inputs: Record<string, InputPort>
  outputs: Record<string, OutputPort>
  /** Set when the author names more input ports freely. */
  dynamicInputs?: { types: readonly PortType[]; help: string }
  /** Ports that depend on the parameters; replaces `outputs`. Parameters may be incomplete while somebody is editing. */
  outputsFor?(parameters: Partial<P>): Record<string, OutputPort>
  /** Static problems that a schema cannot express; no data is looked at. */
  check?(parameters: P, connected: { inputs: string[] }): StepProblem[]
  /** What is known of the columns of its tables, from what is known of its inputs'; nothing where it is left out. */
  tables?(
    parameters: P,
    inputs: Record<string, TableFacts>,
    lookup: ColumnLookup
  ): Record<string, TableFacts> | Promise<Record<string, TableFacts>>
  /** What in its parameters contradicts the roles of the columns at its inputs. */
  checkRoles?(parameters: P, inputs: Record<string, TableFacts>): StepProblem[]
  /** Facts looked up when the run starts; they become part of the content key. */
  freeze?(parameters: P, context: FreezeContext): Promise<Record<string, unknown>>
  /** Names of environment variables whose values matter to the result. */
  environment?(parameters: P): string[]
  /** True when the result may depend on the operating system and processor. */
  platformBound?: boolean
  /** Things used that no other step made (a dataset version, a policy, code), for the lineage. */
  uses?(parameters: P, frozen: Record<string, unknown>): { port: string; sha256: string; reference: string }[]
  /** Given by steps that only name what is there already: outputs without a worker process. */
  inline?(parameters: P, frozen: Record<string, unknown>): InlineOutput[]
  run(context: StepContext<P>, frozen: Record<string, unknown>): Promise<void>
  /** Writes to the ledger what the step found; synchronous, in the transaction of SUCCEEDED. */
  commit?(context: CommitContext): void
  /** Writes to the ledger that an attempt ended without outputs. */
  commitFailure?(context: FailedCommitContext): void
}

/** A step definition whose parameter type is known only to itself. */
export type AnyStep = StepDefinition<never>

/** Declares a step type; exists so that parameters are typed by their schema. */
export function defineStep<S extends z.ZodType>(definition: StepDefinition<z.output<S>> & { parameters: S }): AnyStep {
  return definition as unknown as AnyStep
}

export type StepRegistry = ReadonlyMap<string, AnyStep>
