export { columnOf, eachFrame, listed, readFrame, selectRows, type Column, type Frame } from './frame'
export { deriveGroups, type Grouping } from './groups'
