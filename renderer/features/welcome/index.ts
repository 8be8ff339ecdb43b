export { CreateWorkspaceDialog } from './create-workspace-dialog'
export { WelcomePage } from './welcome-page'
