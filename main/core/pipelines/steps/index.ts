import type { AnyStep, StepRegistry } from '../define-step'
import { calibrateStep } from './calibrate'
import { conformStep } from './conform'
import { decideStep } from './decide'
import { crossValidateStep } from './cross-validate'
import { evaluateStep } from './evaluate'
import { explainStep } from './explain'
import { externalScorerStep } from './external-scorer'
import { gateStep } from './gate'
import { importModelStep } from './import-model'
import { qualityCheckStep } from './quality-check'
import { registerStep } from './register'
import { scoreStep } from './score'
import { scriptStep } from './script'
import { sourceStep } from './source'
import { splitStep } from './split'
import { sqlStep } from './sql'
import { trainStep } from './train'

const builtIn: readonly AnyStep[] = [
  sourceStep,
  sqlStep,
  qualityCheckStep,
  splitStep,
  crossValidateStep,
  trainStep,
  importModelStep,
  externalScorerStep,
  calibrateStep,
  decideStep,
  conformStep,
  evaluateStep,
  explainStep,
  scoreStep,
  gateStep,
  registerStep,
  scriptStep
]

/** The step types that come with Drydock, in the order of the palette. */
export const stepRegistry: StepRegistry = new Map(builtIn.map((step) => [step.type, step]))
