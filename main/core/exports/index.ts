export { createExports, type ExportedBundle, type Exports, type ExportSources } from './exports'
