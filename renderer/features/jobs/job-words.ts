import { Ban, CheckCircle2, Clock, LoaderCircle, OctagonAlert, PlugZap, type LucideIcon } from 'lucide-react'
import type { Job, JobState } from '../../../main/model/job'
import type { Status } from '../../ui'

export const stateWords: Record<JobState, { word: string; status: Status; icon: LucideIcon }> = {
  queued: { word: 'Queued', status: 'neutral', icon: Clock },
  running: { word: 'Running', status: 'info', icon: LoaderCircle },
  succeeded: { word: 'Succeeded', status: 'ok', icon: CheckCircle2 },
  failed: { word: 'Failed', status: 'error', icon: OctagonAlert },
  cancelled: { word: 'Cancelled', status: 'warn', icon: Ban },
  interrupted: { word: 'Interrupted', status: 'warn', icon: PlugZap }
}

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
