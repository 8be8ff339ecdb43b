import { createContext, useContext } from 'react'
import { useStore } from 'zustand'
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { MetricPoint, PipelineRun, PipelineRunEvent, StepRun } from '../../../main/model/pipeline-run'

export interface RunState {
  /** Null until the first snapshot. Its `steps` are those of the snapshot; the newest are in `steps` below. */
  run: Omit<PipelineRun, 'steps'> | null
  order: readonly string[]
  steps: Readonly<Record<string, StepRun>>
  /** Points that came while the run was watched, by step. */
  points: Readonly<Record<string, readonly MetricPoint[]>>
}
export type RunStore = StoreApi<RunState>

const NOTHING: RunState = { run: null, order: [], steps: {}, points: {} }
const MAX_POINTS = 20_000

export const createRunStore = (): RunStore => createStore<RunState>(() => NOTHING)
export const clearRun = (store: RunStore): void => store.setState(NOTHING, true)

/** Folds one event of pipelines.watchRun into what the screen shows. */
export function foldRunEvent(state: RunState, event: PipelineRunEvent): RunState {
  switch (event.kind) {
    case 'snapshot': {
      const { steps, ...run } = event.run
      return { ...state, run, order: steps.map((step) => step.stepId), steps: Object.fromEntries(steps.map((step) => [step.stepId, step])) }
    }
    case 'run':
      return state.run ? { ...state, run: { ...state.run, ...event.run } } : state
    case 'step':
      return { ...state, steps: { ...state.steps, [event.step.stepId]: event.step } }
    case 'progress': {
      const step = state.steps[event.stepId]
      return step ? { ...state, steps: { ...state.steps, [event.stepId]: { ...step, progress: event.progress } } } : state
    }
    case 'metric': {
      const before = state.points[event.stepId] ?? []
      return { ...state, points: { ...state.points, [event.stepId]: [...before, event.point].slice(-MAX_POINTS) } }
    }
  }
}

const RunContext = createContext<RunStore | null>(null)
export const RunProvider = RunContext.Provider

const empty = createRunStore()
/** The run that the screen shows, a part of it. */
export function useRun<T>(select: (state: RunState) => T): T {
  return useStore(useContext(RunContext) ?? empty, select)
}
export const useStepRun = (stepId: string | null): StepRun | null =>
  useRun((state) => (stepId === null ? null : (state.steps[stepId] ?? null)))
