export { createModels, type Models, type RegisterRequest, type RegistrySources } from './registry'
