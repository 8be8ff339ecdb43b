export { createFeatures, type Features } from './features'
export { producedFeatureSets } from './produced-feature-sets'
