export { shapeContributions, shapesModelSchema, type PairShape, type ShapesModel } from './model'
export { shapesOf } from './shapes'
export { explainableBoostingTrainer } from './trainer'
