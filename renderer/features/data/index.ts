export { actions } from './actions'
export { DataPage as Page } from './data-page'
export { droppedFiles } from './dropped-files'
