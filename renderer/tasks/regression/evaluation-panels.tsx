import { CalibrationPanel } from './calibration-panel'
import type { JudgedAmounts, NamedRun } from './judged'
import { DistributionPanels, FeatureResidualPanel, ResidualPanel } from './residual-panels'
import { SlicesPanel } from './slices-panel'

/** Residuals, calibration, distributions and worst slices of one run, as cells of a grid. */
export function EvaluationPanels({ run, evaluation }: { run: NamedRun; evaluation: JudgedAmounts }) {
  return (
    <>
      <ResidualPanel run={run} evaluation={evaluation} />
      <CalibrationPanel run={run} evaluation={evaluation} />
      <FeatureResidualPanel evaluation={evaluation} />
      <DistributionPanels evaluation={evaluation} />
      {evaluation.slices && <SlicesPanel slices={evaluation.slices} />}
    </>
  )
}
