export { createFeatures, type Features } from './features'
export { producedFeatureSets, stepsDownstream } from './produced-feature-sets'
