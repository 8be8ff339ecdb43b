import type { Settled } from '../../../main/model/settled'
import { CalibrationPanel } from './calibration-panel'
import { DecisionPanel } from './decision-panel'
import { IntervalsPanel } from './intervals-panel'

interface SettledViewProps {
  settled: Settled
  /** Said where no figures of the evaluation are at hand. */
  unmeasured?: string
}

/** What was settled of a model after its training: its calibration, its decision, its intervals or sets. */
export const SettledView = ({
  settled: { calibration, decision, intervals, measured },
  unmeasured = 'not yet: evaluate the model on rows of its own'
}: SettledViewProps) => (
  <div className="grid grid-cols-[repeat(auto-fit,minmax(min(480px,100%),1fr))] items-start gap-3 p-4" data-testid="settled">
    {(calibration || intervals) && (
      <div className="flex min-w-0 flex-col gap-3">
        {calibration && <CalibrationPanel record={calibration} />}
        {intervals && <IntervalsPanel record={intervals} measured={measured} unmeasured={unmeasured} />}
      </div>
    )}
    {decision && <DecisionPanel record={decision} />}
  </div>
)
