import type { AuditEvent } from '../../../main/model/workspace'

const words: Record<string, string> = {
  'person.created': 'Person added',
  'person.updated': 'Person changed',
  'key.added': 'Signing key added',
  'dataset.imported': 'Dataset imported',
  'quality.checked': 'Quality checked',
  'run.recorded': 'Run recorded',
  'run.evaluated': 'Run evaluated',
  'run.annotated': 'Run annotated',
  'run.trashed': 'Run put in the trash',
  'run.restored': 'Run restored',
  'experiment.updated': 'Experiment described',
  'policy.saved': 'Policy saved',
  'gate.evaluated': 'Policy gate decided',
  'model.registered': 'Model registered',
  'model.described': 'Model described',
  'model.stage': 'Model moved to another stage',
  'bundle.exported': 'Bundle exported and signed',
  'bundle.countersigned': 'Bundle countersigned'
}

/** An event of the record in a few words; a kind this window does not know is shown by its own name. */
export function describeEvent({ action, subject, detail }: AuditEvent): string {
  const about =
    typeof detail.name === 'string'
      ? detail.name
      : typeof detail.model === 'string' && detail.model.length < 80 && !/^[0-9a-f]{64}$/.test(detail.model)
        ? detail.model
        : subject.replace(/([0-9a-f]{8})[0-9a-f]{8,}/g, '$1')
  const outcome = typeof detail.outcome === 'string' ? `: ${detail.outcome}` : typeof detail.to === 'string' ? `: ${detail.to}` : ''
  return `${words[action] ?? action}, ${about}${outcome}`
}
