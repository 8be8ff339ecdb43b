export type { ModelImports } from './model-imports'
export { manifest } from './manifest'
