export { shapeContributions, shapesModelSchema, type PairShape, type ShapesModel } from './model'
export { shapesOf, type Shape, type ShapeAxis } from './shapes'
export { explainableBoostingTrainer } from './trainer'
