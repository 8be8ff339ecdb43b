export { modelCommands } from './commands'
export { createModels, type Models, type ModelsWriter } from './registry'
