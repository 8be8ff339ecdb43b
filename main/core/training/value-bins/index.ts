export { exportCodes } from './export-codes'
export { binCount, checkEdges, codesOf, edgesOf, type Codes } from './value-bins'
