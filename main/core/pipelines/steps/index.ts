import type { AnyStep, StepRegistry } from '../define-step'
import { scriptStep } from './script'
import { sourceStep } from './source'
import { splitStep } from './split'
import { sqlStep } from './sql'

const builtIn: readonly AnyStep[] = [sourceStep, sqlStep, splitStep, scriptStep]

/** The step types that come with Drydock, in the order of the palette. */
export const stepRegistry: StepRegistry = new Map(builtIn.map((step) => [step.type, step]))
