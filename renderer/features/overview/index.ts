export { OverviewPage as Page } from './overview-page'
