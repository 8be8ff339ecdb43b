export { actions } from './actions'
export { DataPage as Page } from './data-page'
