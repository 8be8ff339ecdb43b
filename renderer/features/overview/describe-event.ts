import { eventFacts, type AuditEvent } from '../../../main/model/workspace'

const words: Record<string, string> = {
  'person.created': 'Person added',
  'person.updated': 'Person changed',
  'person.used': 'Person took over',
  'key.added': 'Signing key added',
  'key.saved': 'Public key saved to a file',
  'dataset.imported': 'Dataset imported',
  'dataset.columns': 'Columns described',
  'dataset.updated': 'Dataset described',
  'dataset.trashed': 'Dataset put in the trash',
  'dataset.restored': 'Dataset restored',
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
export function describeEvent(event: AuditEvent): string {
  const { action, subject } = event
  const told = eventFacts(event)
  const about =
    typeof told.name === 'string'
      ? told.name
      : typeof told.model === 'string' && told.model.length < 80 && !/^[0-9a-f]{64}$/.test(told.model)
        ? told.model
        : subject.replace(/([0-9a-f]{8})[0-9a-f]{8,}/g, '$1')
  const outcome = typeof told.outcome === 'string' ? `: ${told.outcome}` : typeof told.to === 'string' ? `: ${told.to}` : ''
  return `${words[action] ?? action}, ${about}${outcome}`
}
