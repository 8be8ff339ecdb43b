import { isSha256 } from '../../../main/model/reference'
import { eventFacts, type AuditEvent } from '../../../main/model/workspace'

/** An event of the record in a few words; `words` are those of all areas, a kind without one is shown by its own name. */
export function describeEvent(event: AuditEvent, words: Readonly<Record<string, string>>): string {
  const { action, subject } = event
  const told = eventFacts(event)
  const about =
    typeof told.name === 'string'
      ? told.name
      : typeof told.model === 'string' && told.model.length < 80 && !isSha256(told.model)
        ? told.model
        : subject.replace(/([0-9a-f]{8})[0-9a-f]{8,}/g, '$1')
  const outcome = typeof told.outcome === 'string' ? `: ${told.outcome}` : typeof told.to === 'string' ? `: ${told.to}` : ''
  return `${words[action] ?? action}, ${about}${outcome}`
}
