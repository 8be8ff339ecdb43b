/** What several areas show of the same facts: references, states, trust, gate reports. It knows the domain and no area; `ui` knows neither. */
export { ActAsDialog, takesPassphrase } from './act-as-dialog'
export { ApplyPolicyDialog, type ApplyPolicyDialogProps } from './apply-policy-dialog'
export { FindingList, groupFindings } from './finding-list'
export { findingCounts, QualityBadges } from './quality-badges'
export { viewOfDocument } from './document-view'
export { GlassBoxTab, glassBoxTitle } from './glass-box/glass-box-tab'
export { GlassBoxView } from './glass-box/glass-box-view'
export { hasSettled, SettledTab, settledTitle } from './settled/settled-tab'
export { SettledView } from './settled/settled-view'
export { GateBadge } from './gate-badge'
export { CountedFindings, GateReportView } from './gate-report'
export { GateReportDialog } from './gate-report-dialog'
export { Figures, KeyFigures, usePrimaryMetric } from './key-figures'
export { IndependenceNote } from './independence-note'
export {
  formatDifference,
  formatInterval,
  formatMetric,
  intervalText,
  metricFormat,
  metricText,
  metricTitle,
  placedMetric,
  scaledMetric,
  sortMetricKeys,
  unitOf,
  type MetricFormat
} from './metric-format'
export { ParityCertificate } from './parity-certificate'
export { PolicyTests } from './policy-tests'
export { RefChip, splitReference } from './ref-chip'
export { RegisterDialog } from './register-dialog'
export { hrefOfReference, RefLink } from './ref-link'
export { useSaveDocument, type DocumentToSave } from './save-document'
export { SaveMenu } from './save-menu'
export { lookOfState, StateBadge, unlessPassed } from './state-look'
export { TrainingRowsBadge } from './training-rows-badge'
export { ExplanationView } from './why/explanation-view'
export { WhyTab, type WhyTabProps } from './why/why-tab'
export { WritePolicy } from './write-policy'
export { TrustBadge, type TrustState } from './trust-badge'
export { DecisionBadges, decisionWords, useDecisions, type Decided } from './decision-badges'
