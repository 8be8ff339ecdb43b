export { columnOf, readFrame, selectRows, type CategoryColumn, type Column, type Frame, type NumericColumn } from './frame'
export { deriveGroups, type Grouping } from './groups'
