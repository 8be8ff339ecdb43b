import type { CommitContext, FailedCommitContext } from './define-step'

/**
 * What steps leave in the ledger. The host wires these to experiments, models and governance; each is called inside the
 * transaction that makes the step SUCCEEDED, so a run, a gate result or a model version exists exactly when its step does.
 */
export interface StepCommits {
  experiments?: {
    /** A model was trained: one run. */
    trained(context: CommitContext): void
    /** A training ended without a model: a run all the same, because every trial counts. */
    notTrained(context: FailedCommitContext): void
    /** A model was evaluated: metrics of the run that made it. */
    evaluated(context: CommitContext): void
  }
  governance?: {
    gated(context: CommitContext): void
  }
  models?: {
    registered(context: CommitContext): void
  }
}
