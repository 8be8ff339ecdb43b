import type { StandingRejection } from './commands/bundles'

const LONGEST = 300

/** The reason of a rejection as one line; empty where nobody can read it any more. */
export function reasonOf({ statement }: Pick<StandingRejection, 'statement'>): string {
  if (statement === null) return ''
  const line = statement.replace(/\s+/g, ' ').trim()
  return `"${line.length > LONGEST ? `${line.slice(0, LONGEST - 3)}...` : line}"`
}

/** Who rejects a version, when and why, as a sentence. */
export function describeRejection(rejection: StandingRejection): string {
  const { person, at, fingerprint } = rejection
  const reason = reasonOf(rejection)
  const said = `${person} rejected it on ${at.slice(0, 10)} (key ${fingerprint.slice(0, 8)})${reason && `: ${reason}`}`
  return /[.!?]"$/.test(said) ? said : `${said}.`
}

/** What ends rejections: the same person, or another version. */
export function wayOutOf(rejections: readonly StandingRejection[]): string {
  const here = rejections.filter(({ left }) => !left).map(({ person }) => person)
  const gone = rejections.filter(({ left }) => left).map(({ person }) => person)
  const rule = 'A rejection stands until the same person decides otherwise.'
  if (gone.length > 0) return `${rule} ${gone.join(' and ')} left this workspace, so what was mended is registered as the next version.`
  return `${rule} Bring back a newer decision of ${here.join(' and of ')} about a bundle of this version, or register what was mended as the next version.`
}
