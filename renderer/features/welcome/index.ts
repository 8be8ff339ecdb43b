export { CreateWorkspaceDialog } from './create-workspace-dialog'
export { RecoveryPage } from './recovery-page'
export { WelcomePage } from './welcome-page'
export { useSampleRecipe, type SampleRecipe } from './sample-recipe'
