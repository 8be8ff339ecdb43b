import type { StepWork } from '../define-step'

/**
 * What the built-in step types do, by type. A step process loads the work of its one order and nothing of the others; a type that only
 * names what is there has none. What `run.ts` imports at its top is read at each start: no schema that it does not need, no engine.
 */
export const stepWork: Readonly<Record<string, () => Promise<StepWork>>> = {
  sql: () => import('./sql/run'),
  'quality-check': () => import('./quality-check/run'),
  split: () => import('./split/run'),
  train: () => import('./train/run'),
  'cross-validate': () => import('./cross-validate/run'),
  'import-model': () => import('./import-model/run'),
  'external-scorer': () => import('./external-scorer/run'),
  calibrate: () => import('./calibrate/run'),
  decide: () => import('./decide/run'),
  conform: () => import('./conform/run'),
  evaluate: () => import('./evaluate/run'),
  explain: () => import('./explain/run'),
  score: () => import('./score/run'),
  gate: () => import('./gate/run'),
  register: () => import('./register/run'),
  script: () => import('./script/run')
}
