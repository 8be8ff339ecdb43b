export { createModels, type Models } from './registry'
