export { mostOnnxBytes, readOnnx, readOnnxBytes, readOnnxFile } from './read-file'
export { rewriteOnnx, type Rewriting } from './rewrite-file'
export {
  fedInputs,
  type OnnxAttribute,
  type OnnxDimension,
  type OnnxElement,
  type OnnxFile,
  type OnnxFileNode,
  type OnnxFileTensor,
  type OnnxFileValue,
  type OnnxGraph,
  type OnnxType
} from './shape'
