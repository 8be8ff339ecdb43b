export { createFeatures, type Features } from './features'
