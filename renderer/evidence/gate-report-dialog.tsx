import type { GateReport } from '../../main/model/policy'
import { Button, Dialog, ErrorState, Skeleton } from '../ui'
import { GateReportView } from './gate-report'

export interface GateReportDialogProps {
  /** Undefined while it is read. */
  report: GateReport | undefined
  error?: unknown
  onRetry?: () => void
  /** Begins with what does not hold. */
  onlyOpen?: boolean
  onClose: () => void
}

/** A gate report over the page. */
export function GateReportDialog({ report, error, onRetry, onlyOpen, onClose }: GateReportDialogProps) {
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Gate report"
      size="xl"
      footer={<Button onClick={onClose}>Close</Button>}
    >
      {error ? (
        <ErrorState compact error={error} onRetry={onRetry} />
      ) : report ? (
        <GateReportView report={report} onlyOpen={onlyOpen} />
      ) : (
        <Skeleton lines={6} />
      )}
    </Dialog>
  )
}
