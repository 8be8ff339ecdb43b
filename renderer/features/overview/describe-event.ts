import { eventFacts, type AuditEvent } from '../../../main/model/workspace'

const words: Record<string, string> = {
  'workspace.created': 'Workspace made',
  'workspace.renamed': 'Workspace renamed',
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
  'report.saved': 'Quality report saved to a file',
  'run.recorded': 'Run recorded',
  'run.evaluated': 'Run evaluated',
  'run.annotated': 'Run annotated',
  'run.tagged': 'Run tagged',
  'run.trashed': 'Run put in the trash',
  'run.restored': 'Run restored',
  'experiment.updated': 'Experiment described',
  'pipeline.saved': 'Pipeline saved',
  'pipeline.removed': 'Pipeline put in the trash',
  'pipeline.restored': 'Pipeline restored',
  'pipeline.started': 'Pipeline run started',
  'pipeline.cancelled': 'Pipeline run cancelled',
  'job.cancelled': 'Job cancelled',
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
