/** What several areas show of the same facts: references, trust, gate reports. It knows the domain and no area; `ui` knows neither. */
export { GateReportView } from './gate-report'
export { PolicyTests } from './policy-tests'
export { RefChip, splitReference } from './ref-chip'
export { hrefOfReference, RefLink } from './ref-link'
export { TrustBadge, type TrustState } from './trust-badge'
