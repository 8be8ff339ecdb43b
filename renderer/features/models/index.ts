export { actions } from './actions'
export { ModelsPage as Page } from './models-page'
