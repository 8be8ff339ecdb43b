export { boundedDifference, type BoundedFigure } from './bounded-difference'
export { countGroups, groupingOf, haveSameGroups, mostGroups, rulesOf, type GroupedRun, type GroupRules } from './groups'
export { measureRunFiles, type Filed, type MeasuredOfFiles } from './measure-files'
