export { columnOf, eachFrame, listed, readFrame, selectRows, type Column, type Frame, type NumericColumn } from './frame'
export { deriveGroups, type Grouping } from './groups'
