export { countSizes, heldRows, measureIntervals, probabilitiesAt, type AnsweredRows } from './measure-intervals'
