/** What several areas show of the same facts: references, states, trust, gate reports. It knows the domain and no area; `ui` knows neither. */
export { GateReportView } from './gate-report'
export { IndependenceNote } from './independence-note'
export { PolicyTests } from './policy-tests'
export { RefChip, splitReference } from './ref-chip'
export { hrefOfReference, RefLink } from './ref-link'
export { lookOfState, StateBadge } from './state-look'
export { TrustBadge, type TrustState } from './trust-badge'
