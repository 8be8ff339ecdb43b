export { boundedDifference, type BoundedFigure, type Bounds } from './bounded-difference'
export { countGroups, fewestClusters, groupingOf, haveSameGroups, mostGroups, rulesOf, type GroupedRun, type GroupRules } from './groups'
export { measureRunFiles, type Filed, type MeasuredOfFiles } from './measure-files'
