export { areSameJudged, plainField, real, rowGroups, whole, type RowColumns } from './columns'
export { into, readRowFile, type RowFileForm } from './read'
export { writeRowFile, type JudgedColumns } from './write'
