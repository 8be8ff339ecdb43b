import type { ReactNode } from 'react'
import type { Status } from '../ui'

/** A run that was judged, with its evaluation; `name` tells it from the others it is compared with. */
export interface JudgedRun<E = object> {
  run: { id: string; name: string }
  evaluation: E
}

/** The model beside one that knows nothing, in a sentence. */
export interface BesideNaive {
  status: Status
  text: string
}

/** What the window shows of trainings and evaluations of one kind of prediction; what is handed in is of this kind. */
export interface Panels {
  /** How many of the judged rows had which outcome, in words; the short form stands in brackets. */
  outcomes(evaluation: object): string
  outcomesShort(evaluation: object): string
  trainingOutcomes(rows: object): { label: string; value: string }
  againstBaseRate(baseline: object): string
  /** The loss that a fit lowers, as the title of an axis. */
  lossAxis(target: object): string
  besideNaive(evaluation: object): BesideNaive[]
  decision(evaluation: object): string
  intervals(evaluation: object): string
  EvaluationPanels(props: { run: { id: string; name: string }; evaluation: object }): ReactNode
  GroupsPanel(props: { evaluation: object }): ReactNode
  /** Several runs of this kind over each other, as cells of a grid. */
  ComparedPanels(props: { judged: readonly JudgedRun[] }): ReactNode
}
