export { createFeatures, type Features } from './features'
export { producedFeatureSets, runsTrainedOn } from './produced-feature-sets'
