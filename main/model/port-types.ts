/** What flows along an edge. A FeatureSet is a Table whose columns are offered to models, so it fits wherever a Table does. */
export const portTypes = [
  'Table',
  'FeatureSet',
  'Model',
  'Evaluation',
  'QualityReport',
  'GateResult',
  'Explanation',
  'CrossValidation',
  'Report',
  'Metrics',
  'File'
] as const
type PortType = (typeof portTypes)[number]
/** Evidence: documents that say by digest what they are about. Only the workbench's own steps make them. */
export const evidenceTypes: readonly PortType[] = ['Evaluation', 'QualityReport', 'GateResult', 'Explanation', 'CrossValidation']
const readable: readonly PortType[] = ['Metrics', ...evidenceTypes]
/** Whether an output of `type` may go to an input that takes `types`. A FeatureSet is a table, evidence and a Metrics document are reports; any output is a file. */
export const acceptsPort = (types: readonly PortType[], type: PortType): boolean =>
  types.includes(type) ||
  (type === 'FeatureSet' && types.includes('Table')) ||
  (readable.includes(type) && types.includes('Report')) ||
  types.includes('File')
