import type { z } from 'zod'
import { WorkbenchError } from '../../model/errors'
import type { ParameterValue, PortType, StepTypeInfo } from '../../model/pipeline'
import type { AttemptEnvironment, OutputReference } from '../../model/pipeline-run'
import type { ProgramSummary } from '../../model/program-environment'
import type { Database } from '../../storage/duckdb/database'
import type { ColumnLookup } from './column-roles/column-lookup'
import type { TableFacts } from './column-roles/table-facts'
import type { ImportRecord } from '../datasets'
import type { RunRecords } from '../experiments'
import type { PoliciesWriter } from '../policies'
import type { ModelsWriter } from '../models'
import type { ProducedFile, StepPlace } from './journal'
import type { NamedModel } from './named-model'
import type { GivenInput, RunEvidence } from './run-evidence'
import type { Sha256, DatasetRef, PipelineRunId } from '../../model/reference'
import { type RunId } from '../../model/reference'

export interface InputPort {
  types: readonly PortType[]
  optional?: boolean
  help: string
  /** What stands in it, when it is a JSON document: the host parses it once, for the commit. */
  document?: z.ZodType
  /** Parameter that stands in for a connection. */
  insteadOf?: string
}
export interface OutputPort {
  type: PortType
  optional?: boolean
  help: string
  document?: z.ZodType
}
type Inputs = Record<string, InputPort>
type Outputs = Record<string, OutputPort>
type DocumentOf<Port> = Port extends { document: z.ZodType<infer D> } ? D : unknown
type MayBeAbsent<Port> = Port extends { optional: true } ? undefined : never

/** One thing a step reads: an immutable file. `files` are the parts of a Model (name -> path). */
export interface StepInput {
  type: PortType
  path: string
  sha256: Sha256
  rows: number | null
  files: Record<string, string>
}

/** What a step sees while it runs, in a process of its own: files, a private DuckDB, and nothing of the ledger. */
export interface StepContext<P, I = Inputs> {
  parameters: P
  seed: number
  inputs: { [Port in keyof I]: StepInput | MayBeAbsent<I[Port]> }
  /** The attempt's own folder; the only place it may write. Removed afterwards. */
  directory: string
  /** Values of the environment variables that the step declares, as they went into the content key. */
  environment: Record<string, string | undefined>
  /** Values of the secrets that the step names; they must not get into anything that it leaves behind. */
  secrets: Record<string, string>
  signal: AbortSignal
  /** Bytes that it and the processes that it starts may use together. */
  memory: number
  /** How programs that it starts are to be held, and where it says how they were. */
  confinement: { wanted: boolean; workspace: string; state(how: string): void }
  /** Fresh path in the attempt's folder for a file that will become an output. */
  path(name: string): string
  /** Declares an output: an Arrow IPC file (Table, FeatureSet) or any other file. Called once for each port. */
  output(port: string, path: string, about?: { type?: PortType; rows?: number; mediaType?: string }): void
  /** Declares an input, unchanged, as an output; no byte is copied. */
  passOn(port: string, input: StepInput): void
  /** Declares a JSON output (Report, Metrics), written with sorted layout as given; `parts` are files that it names and that go with it. */
  outputJson(port: string, value: unknown, parts?: Record<string, string>): Promise<void>
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
  objectPath(sha256: Sha256): string
  /** Path of a table of the workspace. */
  tablePath(sha256: Sha256): string
}

export interface FrozenDataset {
  sha256: Sha256
  rows: number
  reference: DatasetRef
  /** Declared role of each column. */
  roles: Record<string, string>
  /** When the value of each column is known, where that was declared. */
  knownWhen?: Record<string, string>
  /** What its import lost and changed; absent for a version that no import made. */
  imported?: ImportRecord
}

/** What a run is frozen with: facts that only the host knows are looked up once, at the start. */
export interface FreezeContext {
  directory: string
  putObject(bytes: Uint8Array | string): Promise<Sha256>
  /** Values of the parameters of the pipeline, without secrets. */
  parameters: Readonly<Record<string, ParameterValue>>
  /**
   * What makes the run a variant of the pipeline: values that it was given in the place of defaults, but for those that the step itself is told.
   * Empty also where whoever started the run asked for versions of variants.
   */
  variant: Readonly<Record<string, ParameterValue>>
  /** "latest" or (the beginning of) a SHA-256. */
  datasetVersion(name: string, version: string): Promise<FrozenDataset>
  policy(reference: string): Promise<{ sha256: Sha256; name: string }>
  /** What is asked for once in a run, however many of its steps need it. */
  once<T>(key: string, make: () => Promise<T>): Promise<T>
  /** What is known of the table at each input. */
  tables?: Record<string, TableFacts>
  /** What a gate over a run is held on. Throws NOT_FOUND, CONFLICT or EVIDENCE_MISMATCH. */
  evidence(run: RunId): Promise<RunEvidence>
  /** A registered version by name, `name@2` or `name@stage`, with its files. Throws NOT_FOUND, INVALID_INPUT or DIGEST_MISMATCH. */
  model(reference: string): Promise<NamedModel>
}

/** What is known of an attempt, however it ended. */
export interface AttemptFacts<P> {
  pipeline: string
  pipelineSha256: Sha256
  pipelineRun: PipelineRunId
  stepId: string
  /** What a run of it is called where nothing else is said: the title of the step and what this run was given. */
  runTitle: string
  attempt: number
  parameters: P
  /** Frozen facts of `freeze`. */
  frozen: Record<string, unknown>
  /**
   * Whether a step of the same type that stands before it in the document, and is connected to the same output at this port, is not over.
   * Which of two comes first is for their author to say, not for the clock.
   */
  isPreceded(port: string): boolean
  startedAt: string
  finishedAt: string
  environment: AttemptEnvironment | null
  peakMemory: number | null
  /** Where what the step found is written. */
  runs: RunRecords
  policies: Pick<PoliciesWriter, 'record'>
  models: Pick<ModelsWriter, 'register'>
}

/** One input as its commit sees it. */
export interface CommitInput<D = unknown> {
  port: string
  type: PortType
  sha256: Sha256
  size: number
  reference: string
  rows: number | null
  /** Files that belong to it, by name. */
  parts: Record<string, { sha256: Sha256; size: number }>
  /** The run that it belongs to: a model's, an evaluation's, a gate result's. */
  run: RunId | null
  /** The attempt that made it (the first one, when it came from the cache), and the type of its step; null for a report made in Data. */
  producedBy: { pipelineRun: PipelineRunId; stepId: string; attempt: number; stepType: string } | null
  /** SHA-256 of everything that attempt read. */
  madeFrom: Sha256[]
  /** Dataset versions it was made from, upstream. */
  datasets: DatasetRef[]
  document: D
}
type CommitInputs<I> = { [Port in keyof I]: CommitInput<DocumentOf<I[Port]>> | MayBeAbsent<I[Port]> }
type CommitOutputs<O> = { [Port in keyof O]: OutputReference & { document: DocumentOf<O[Port]>; parts: CommitInput['parts'] } }

/** The run that an input belongs to. Throws CONFLICT when the step that made it recorded none. */
export function runOfInput(input: CommitInput): RunId {
  if (input.run !== null) return input.run
  throw new WorkbenchError(
    'CONFLICT',
    `The step "${input.producedBy?.stepId}" recorded no run for its output "${input.reference}", so nothing can be added to it. Run that step again.`
  )
}

/** A file at a port, and the step that handed it over. */
export interface PlacedFile {
  sha256: Sha256
  from: StepPlace | null
}

/** What stands upstream of the inputs, for a step that has to know whether they belong together. */
export interface Ancestry {
  /** Tables that both were split from: inputs of the splitting attempts whose different parts the two descend from. The other may be unknown. */
  splitSources(one: Sha256, other: Sha256 | null): Sha256[]
  /** Whether a step split a table into what the two descend from, or nothing is upstream of both. */
  areSeparated(one: Sha256, other: Sha256): boolean
  /** Tables that the step at a port read when it made a model, and those behind each model and file that it read. */
  learnedFrom(model: { from: StepPlace | null }): Sha256[]
}

/** What a step is shown before it works, and again before it commits: every input's bytes have just been held against their digest. */
export interface AdmitContext<P, I = Inputs> {
  parameters: P
  frozen: Record<string, unknown>
  inputs: CommitInputs<I>
  ancestry: Ancestry
}

/** What a commit is told, in the host, inside the transaction that makes the step SUCCEEDED. */
export interface CommitContext<P, I = Inputs, O = Outputs> extends AttemptFacts<P> {
  inputs: CommitInputs<I>
  outputs: CommitOutputs<O>
}
/** The same for an attempt that ended without outputs; joins the transaction that records its end. */
export interface FailedCommitContext<P, I = Inputs> extends AttemptFacts<P> {
  /** Their documents are not read. */
  inputs: CommitInputs<I>
  outcome: 'failed' | 'cancelled' | 'interrupted' | 'timed-out' | 'out-of-memory'
  failure: { code: string; message: string }
}

/** What a step is told whose outputs were taken over from an earlier attempt. */
export interface RecallContext {
  pipelineRun: PipelineRunId
  /** What the step was handed, by port. */
  inputs: Readonly<Record<string, { sha256: Sha256; size: number }>>
  outputs: readonly ProducedFile[]
  runs: Pick<RunRecords, 'attach'>
  policies: Pick<PoliciesWriter, 'recordAgain'>
}

export interface InlineOutput {
  port: string
  type: PortType
  sha256: Sha256
  rows: number | null
  mediaType: string
  reference: string
}

export interface StepProblem {
  message: string
  parameter?: string
  /** An error unless it says otherwise; a warning keeps nothing from running. */
  severity?: 'warning'
}

/** The fields of a parameter, by the value of the parameter `by`. */
export interface NestedFields {
  readonly by: string
  readonly schemas: Readonly<Record<string, z.ZodType>>
}

/** What a step is called, what it takes and makes: all that can be known of it without running it. */
export interface StepDescription<P, I = Inputs, O = Outputs> {
  type: string
  /** Goes up whenever the same inputs and parameters would give other outputs; part of the content key. */
  version: number
  title: string
  help: string
  icon: string
  category: StepTypeInfo['category']
  parameters: z.ZodType<P>
  inputs: I
  outputs: O
  /** Set when the author names more input ports freely. */
  dynamicInputs?: { types: readonly PortType[]; help: string }
  /** Ports that depend on the parameters; replaces `outputs`. Parameters may be incomplete while somebody is editing. */
  outputsFor?(parameters: Partial<P>): Outputs
  /** Parameters whose own fields depend on the choice in another one: the schema for each choice. */
  nested?: Readonly<Record<string, NestedFields>>
  /** Static problems that a schema cannot express; no data is looked at. */
  check?(parameters: P, connected: { inputs: string[] }): StepProblem[]
  /** What it is called where its author gave it no title; `title` without it. */
  titleOf?(parameters: P): string
  /** What is known of the columns of its tables, from what is known of its inputs'; nothing where it is left out. */
  tables?(
    parameters: P,
    inputs: Record<string, TableFacts>,
    lookup: ColumnLookup
  ): Record<string, TableFacts> | Promise<Record<string, TableFacts>>
  /** What in its parameters contradicts the roles of the columns at its inputs. */
  checkRoles?(parameters: P, inputs: Record<string, TableFacts>): StepProblem[]
  /** What the roles of the columns at its inputs say of a parameter that has no value yet, as a sentence. */
  adviseMissing?(parameter: string, inputs: Record<string, TableFacts>): string | null
  /** Facts looked up when the run starts; they become part of the content key. */
  freeze?(parameters: P, context: FreezeContext): Promise<Record<string, unknown>>
  /** Inputs that no connection brings, by port, out of what it was frozen with. */
  given?(frozen: Record<string, unknown>): Record<string, GivenInput>
  /** What only the journal knows of where its inputs come from, handed to the work with what was frozen; part of the content key. */
  upstream?(inputs: { [Port in keyof I]: PlacedFile }, ancestry: Ancestry): Record<string, unknown>
  /** Names of environment variables whose values matter to the result. */
  environment?(parameters: P): string[]
  /** Names of secret parameters of the pipeline that the step is handed. */
  secrets?(parameters: P): string[]
  /** Whether what it was frozen with is still so; asked after the work, whose result is not taken again when it is not. */
  holds?(frozen: Record<string, unknown>): Promise<boolean>
  /** What its program found to work with. */
  program?(frozen: Record<string, unknown>): ProgramSummary | null
  /** What its content key does not hold although it may change the result, in words; said of every hit. */
  unchecked?(parameters: P, frozen: Record<string, unknown>): string[]
  /** True when it starts programs that its parameters and code say: those are shown to people as `recorded` has them, before they run. */
  startsPrograms?: boolean
  /** Registered models that are programs, by the digest of their scorer.json: it starts them, so they are shown as those are. */
  scorers?(frozen: Record<string, unknown>): Sha256[]
  /** True when the result may depend on the operating system and processor. */
  platformBound?: boolean
  /** Things used that no other step made (a dataset version, a policy, code), for the lineage. */
  uses?(parameters: P, frozen: Record<string, unknown>): { port: string; sha256: Sha256; reference: string }[]
  /** Its parameters as a run by the common rule lists them, short enough to be read beside others'; all as they are without it. */
  recorded?(parameters: P, frozen: Record<string, unknown>): Record<string, unknown>
  /** Given by steps that only name what is there already: outputs without a worker process. */
  inline?(parameters: P, frozen: Record<string, unknown>): InlineOutput[]
}

/** What a step does in its own process, where nothing else of it is loaded. */
export interface StepWork {
  run(context: StepContext<never, never>, frozen: Record<string, unknown>): Promise<void>
  /** Loads what `run` needs in any case, for a process that waits for its order; `database` loads the one of the context. */
  prepare?(database: () => Promise<unknown>): Promise<unknown>
}

/** What a step says and does in the host. */
export interface StepBehaviour<P, I = Inputs, O = Outputs> {
  /** Refuses inputs that do not belong together, in the host; throws EVIDENCE_MISMATCH. Asked before the work and again before its commit. */
  admit?(context: AdmitContext<P, I>): void
  /**
   * Writes to the ledger what the step found; synchronous, in the transaction of SUCCEEDED. Returns the run that the outputs belong to,
   * which travels with them. Without it, a model or a metric makes a run by the common rule (`record-run.ts`).
   */
  commit?(context: CommitContext<P, I, O>): RunId | null
  /** Writes to the ledger that what an earlier attempt found counts again; in the transaction that takes its outputs from the cache. */
  recall?(context: RecallContext): void
  /** Writes to the ledger that an attempt ended without outputs. */
  commitFailure?(context: FailedCommitContext<P, I>): void
}

/** A step type whose parameters and ports are known only to itself. */
export interface AnyStep extends StepDescription<never>, StepBehaviour<never> {}

/** Describes a step type; exists so that parameters and ports are typed by what is written down. */
export function describeStep<S extends z.ZodType, const I extends Inputs, const O extends Outputs>(
  description: StepDescription<z.output<S>, I, O> & { parameters: S }
): StepDescription<z.output<S>, I, O> {
  return description
}

/** A described step with its part in the host; its work stands in `steps/work.ts`. */
export function defineStep<P, I, O>(description: StepDescription<P, I, O>, behaviour: StepBehaviour<P, I, O> = {}): AnyStep {
  return { ...description, ...behaviour } as unknown as AnyStep
}

type Described<D> = D extends StepDescription<infer P, infer I, infer O> ? { parameters: P; inputs: I; outputs: O } : never
/** Contexts of a step's functions, by its description. */
export type RunOf<D> = StepContext<Described<D>['parameters'], Described<D>['inputs']>
export type AdmitOf<D> = AdmitContext<Described<D>['parameters'], Described<D>['inputs']>
export type CommitOf<D> = CommitContext<Described<D>['parameters'], Described<D>['inputs'], Described<D>['outputs']>
export type FailedCommitOf<D> = FailedCommitContext<Described<D>['parameters'], Described<D>['inputs']>

export type StepRegistry = ReadonlyMap<string, AnyStep>
