export { pointContributions, pointsTable, scorecardModelSchema, type ScorecardModel } from './model'
export { scorecardTrainer } from './trainer'
