import type { Job } from '../../../main/model/job'

export const kindWords: Record<Job['kind'], string> = {
  'pipeline-run': 'Pipeline run',
  import: 'Import',
  export: 'Export',
  profile: 'Profile',
  verify: 'Verification',
  training: 'Training',
  sample: 'Sample',
  other: 'Other'
}
