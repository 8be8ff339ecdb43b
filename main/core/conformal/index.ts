export { conformModel, type ConformRequest, type IntervalChoice } from './conform-model'
