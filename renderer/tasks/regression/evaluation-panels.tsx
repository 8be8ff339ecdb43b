import { CalibrationPanel } from './calibration-panel'
import type { JudgedAmounts, NamedRun } from './judged'
import { DistributionPanels, FeatureResidualPanel, ResidualPanel } from './residual-panels'

/** Residuals, calibration and distributions of one run, as cells of a grid. */
export function EvaluationPanels({ run, evaluation }: { run: NamedRun; evaluation: JudgedAmounts }) {
  return (
    <>
      <ResidualPanel run={run} evaluation={evaluation} />
      <CalibrationPanel run={run} evaluation={evaluation} />
      <FeatureResidualPanel evaluation={evaluation} />
      <DistributionPanels evaluation={evaluation} />
    </>
  )
}
