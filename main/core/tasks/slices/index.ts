export { findSlices, type SliceRequest } from './find-slices'
