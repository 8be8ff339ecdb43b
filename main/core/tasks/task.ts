import type { ClassCosts } from '../../model/class-decision'
import type { Objective } from '../../model/objective'
import type { PairMethod, Statement, TargetValue } from '../../model/tasks'
import type { RegressionObjective } from '../../model/tasks/regression'
import type { ModelSignature } from '../../model/training'
import type { Frame } from '../frames'
import type { Difference } from '../numerics'
import type { Html } from '../reports'
import type { Clusters } from './clusters'
import type { Outcomes } from './outcomes'

type ModelTarget = ModelSignature['target']

/** The outcome of every row that has one; `rows` are their numbers in the table. */
export interface Target extends Outcomes {
  rows: Uint32Array
  withoutTarget: number
}

/** What may be asked of the outcome; a task takes what concerns it. */
export interface TargetChoice {
  /** The value that counts as the event, of two outcomes. */
  positive?: TargetValue
  /** What the model states of an amount, and which share of outcomes stays below where that is a quantile. */
  objective?: RegressionObjective
  quantile?: number
  /** Column with what each row counts. */
  weight?: string
  /** Column that amounts are divided by, such as the time at risk. */
  exposure?: string
}

/** What a signature says of the outcome, and what the outputs of the model mean. */
export interface OutcomeDescription {
  task: ModelSignature['task']
  target: ModelTarget
  /** Of models that state probabilities. */
  label?: string
  probability?: string
  /** Of models that state amounts. */
  prediction?: string
}

/** What whoever asks for an evaluation may choose; a task takes what concerns it. */
export interface JudgingChoices {
  /** Fewest rows of a compared group, 30 by default. */
  minimumGroupSize?: number
  /** Probability at and above which a row counts as positive; 0.5 by default. */
  threshold?: number
  /** Of several classes: what each decision costs; the likeliest class is decided for where that is not said. */
  costs?: ClassCosts | null
  /** Fewest rows of each outcome for the gaps of errors, 10 by default. */
  minimumClassSize?: number
  /** 2,000 by default; 0 leaves out the intervals that are drawn by resampling. */
  bootstrapSamples?: number
  seed: number
}

/** How rows are judged, every choice made; a task has more of its own. */
export interface JudgingRules {
  bootstrapSamples: number
  seed: number
}

/** What the description of methods needs to know of one evaluation. */
export interface DescribedRules extends JudgingRules {
  latencyCalls: number
  warmUpCalls: number
  batchRows: number
  groupColumn: string | null
  target?: ModelTarget
  /** Whether rows have sample weights. */
  weighted?: boolean
  clusters?: Clusters | null
}

/** Rows with a known outcome, ready to be scored and judged; `warnings` say what was left out or never seen in training. */
export interface RowsToJudge {
  frame: Frame
  target: Target
  /** The target as the evaluation names it. */
  document: object
  /** How many rows had which outcome, as the evaluation counts them. */
  counts: object
  warnings: string[]
}

/** What a model is held against a model without skill by. */
export interface JudgedAgainst {
  target: ModelTarget
  clusters?: Clusters | null
}

export interface JudgingOptions {
  signal?: AbortSignal
  onProgress?: (share: number) => void
  clusters?: Clusters | null
}

/** The part of an evaluation that a task decides. */
export interface Judged {
  figures: object
  fairness: object | null
  warnings: string[]
}

/** What the model answered to each judged row, kept so that runs can be compared row by row. */
export interface ScoredRows extends Outcomes {
  rows: Uint32Array
  scores: Float64Array
  groups?: Uint32Array
  clusters?: Clusters | null
}

/** A run whose scores lie in the file that its evaluation kept; a task asks for more of its own. */
export interface FiledRun {
  path: string
}

/** What files of scores say of their runs, as plain data. */
export interface MeasuredFiles {
  /** By run: why its scores cannot be read. */
  unreadable: (string | null)[]
  /** By run: judged on the rows and outcomes of the first run that can be read. */
  onSameRows: boolean[]
  /** These have too many rows to be compared row by row. */
  tooMany: boolean
  /** Runs on the same rows in their order; null where there are none to compare. */
  measured: object | null
}

/** Runs over the same rows, ready to be compared two by two. */
export interface RowComparison {
  rows: number
  /** True where the rows come in too few clusters: then intervals do not tell the runs apart either. */
  areFewClusters?: boolean
  /** A figure of one run over all rows; NaN where it has no value. */
  value(metric: string, run: number): number
  /** A figure of run `a` minus that of run `b`; null where the rows cannot tell. */
  difference(metric: string, a: number, b: number): (Difference & { method: PairMethod }) | null
}

/** Figures of a card, and the table of decisions or amounts below them. */
export interface CardFigures {
  charts: Html | ''
  decisions: Html | ''
}

/** The objective of operation that needs outcomes. */
export interface OutcomeObjective {
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

/** Sentences of the operating documents. */
export interface OperationText {
  /** What is counted of the answers, such as the share of rows decided for the event. */
  selected(evaluation: object): string
  decides(evaluation: object): string
  rate: string
  casesSeen: string
  rightAndWrong(evaluation: object): string
}

/**
 * What the core does differently for each kind of prediction. Documents and targets that are handed in are of this kind; whoever holds one
 * finds the task by the name that it carries.
 */
export interface Task {
  /** @throws WorkbenchError INVALID_INPUT for a column that holds no outcome of this kind */
  readTarget(frame: Frame, name: string, choice: TargetChoice): Target
  /** @throws WorkbenchError INVALID_INPUT where a model cannot be fitted to these outcomes */
  assertTrainable(name: string, target: Target): void
  trainingWarnings(name: string, target: Target): string[]
  /** The values of the target behind each label; of amounts there are none. */
  classesOf?(target: Target): TargetValue[][]
  /** How many rows have which outcome, as the record of a training writes it. */
  countOutcomes(target: Target): object
  describeOutcome(name: string, target: Target): OutcomeDescription
  objectiveOf(target: ModelTarget): Objective
  /** One figure of scores, higher is better; what shuffling a column loses of it is the importance of the column. */
  skill(outcomes: Outcomes, scores: Float64Array, target: ModelTarget): number | null
  /** What a model without skill states, and how much better a model does. */
  baseline: {
    of(outcomes: Outcomes, target: ModelTarget): Statement
    compare(outcomes: Outcomes, scores: Float64Array, statement: Statement | undefined, about: JudgedAgainst): object
    warnings(baseline: object, rows: string, target: ModelTarget): string[]
  }
  /** @throws WorkbenchError INVALID_INPUT for a choice that cannot be meant */
  settleChoices(choices: JudgingChoices): JudgingRules
  /** @throws WorkbenchError INVALID_INPUT when the column is no outcome of this model */
  rowsToJudge(whole: Frame, name: string, trained: ModelTarget, choice?: TargetChoice): RowsToJudge
  judgeRows(
    rows: RowsToJudge,
    scores: Float64Array,
    groupColumn: string | undefined,
    rules: JudgingRules,
    options: JudgingOptions
  ): Promise<Judged>
  /** The metric that is the mean of the loss that a trainer minimises. */
  lossMetric(target: ModelTarget): string
  /** The loss of each row, smaller is better, and its name in words: what slices of the rows are compared by. */
  losses(outcomes: Outcomes, scores: Float64Array, target: ModelTarget): { losses: Float64Array; name: string }
  rowScores: {
    write(path: string, scored: ScoredRows): Promise<void>
    groupsOf(frame: Frame, column: string): Uint32Array
  }
  paired: {
    /** What measuring needs to know of an evaluation besides the file of its row scores. */
    asked(evaluation: object): object
    measure(runs: readonly FiledRun[], options?: { signal?: AbortSignal; onProgress?: (share: number) => void }): Promise<MeasuredFiles>
    compare(measured: NonNullable<MeasuredFiles['measured']>): RowComparison
  }
  describeMethods(rules: DescribedRules): Record<string, string>
  /** The parts of a model card's value that are this task's own. */
  cardValue: {
    output(signature: { target: ModelTarget }, evaluation: object): { meaning: string; threshold?: number }
    counts(evaluation: object): object
    figures(evaluation: object): object
    fairness(fairness: object): object
  }
  /** How those parts are drawn. */
  card: {
    headline: { metric: string; label: string }
    baseline(evaluation: object): { tone: 'info' | 'warn' | 'error'; text: string } | null
    outcomes(evaluation: object): string
    decision(output: { threshold?: number }): string
    figures(evaluation: object): CardFigures
    groups(fairness: object): Html
    /** One group in words, for lists that have no table. */
    group(group: object): string
  }
  /** What an operator is told to expect. */
  operation: {
    expectedSelection(evaluation: object): { rate: number; rowsUntilSeen: number }
    outcomeObjective(evaluation: object): OutcomeObjective | null
    weakestGroup(evaluation: object): { group: string; finds: string } | undefined
    text: OperationText
  }
}
