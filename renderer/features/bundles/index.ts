export { actions } from './actions'
export { BundlesPage as Page } from './bundles-page'
