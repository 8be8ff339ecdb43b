export { pointContributions, pointsTable, scorecardModelSchema, type PointsLine, type ScorecardModel } from './model'
export { scorecardTrainer } from './trainer'
