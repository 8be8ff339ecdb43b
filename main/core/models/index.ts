export { modelCommands } from './commands'
export type { Models } from './read-models'
export { createModels, type ModelsWriter } from './registry'
export { manifest } from './manifest'
