export { applyMaps } from './apply-maps'
export { labelFrom } from './calibrate-graph'
export { calibrateModel, type CalibrateRequest } from './calibrate-model'
