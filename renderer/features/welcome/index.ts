export { CreateWorkspaceDialog } from './create-workspace-dialog'
export { WelcomePage } from './welcome-page'
export { useSampleRecipe, type SampleRecipe } from './sample-recipe'
