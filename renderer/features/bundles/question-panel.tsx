import { Check, Copy, Plus } from 'lucide-react'
import { useHostQuery } from '../../host'
import { Button, Checkbox, Disclosure, Menu, NumberInput, shortHash, useCopied } from '../../ui'
import { countCertificateSettings, trustsSomebody, verifyCommandOf, type Asked } from './asked'
import { CertificateQuestion } from './certificate-question'
import { LastTime } from './last-time'
import { Given, GivenFile, Row } from './question-parts'
import type { Review } from './use-review'
import type { TrustChoice } from './use-trust-choice'

/** What the reader asks of the bundle, beside the verdict that answers it: the same as the options of `verify`. */
export function QuestionPanel({ review, choice }: { review: Review; choice: TrustChoice }) {
  const { asked, ask } = review
  const more = countCertificateSettings(asked)
  return (
    <section aria-labelledby="what-must-hold" className="flex min-w-0 flex-col gap-1.5 border-b bg-surface-1 px-4 py-2.5 lg:border-l">
      <div className="flex min-h-6 items-center gap-2">
        <h2 id="what-must-hold" className="font-semibold whitespace-nowrap">
          What must hold?
        </h2>
        <CopyCommand review={review} />
      </div>
      <LastTime review={review} />
      <Row label="You trust">
        <Trusted review={review} choice={choice} />
      </Row>
      <Row label="Approvals">
        <NumberInput
          aria-label="Approvals that must be there"
          className="w-20 shrink-0"
          min={0}
          max={1000}
          value={asked.approvals ?? 0}
          onChange={(count) => ask({ approvals: count && count >= 1 ? Math.round(count) : undefined })}
        />
        <span className="text-caption text-muted">by people you trust, not by the author</span>
      </Row>
      <Row label="Gate">
        <Checkbox checked={asked.gate ?? false} onChange={(gate) => ask({ gate })} label="The enclosed policy is met, judged anew" />
      </Row>
      <Row label="Release">
        <Checkbox checked={asked.released ?? false} onChange={(released) => ask({ released })} label="Somebody you trust signed it" />
      </Row>
      <Disclosure name="bundle-certificates" label={`Certificates and time${more > 0 ? ` (${more} set)` : ''}`}>
        <CertificateQuestion review={review} choice={choice} />
      </Disclosure>
    </section>
  )
}

function Trusted({ review: { asked, ask }, choice }: { review: Review; choice: TrustChoice }) {
  const file = (what: string, key: 'key' | 'root' | 'people') =>
    asked[key] !== undefined && <GivenFile what={what} place={asked[key]} onRemove={() => ask({ [key]: undefined } as Partial<Asked>)} />
  const without = (place: string) => asked.reviewers.filter((each) => each !== place)
  return (
    <>
      {!trustsSomebody(asked) && <span className="text-muted">nobody yet</span>}
      {file('key', 'key')}
      {asked.fingerprint && (
        <Given
          what="fingerprint"
          name={shortHash(asked.fingerprint)}
          title={asked.fingerprint}
          onRemove={() => ask({ fingerprint: undefined })}
        />
      )}
      {file('root', 'root')}
      {file('people', 'people')}
      {asked.kept && (
        <Given
          what="people"
          name={`kept in ${choice.workspace ?? 'the workspace'}`}
          title="Everybody in this workspace with the roles that stand there; neither who left nor a key that was retired."
          onRemove={() => ask({ kept: false })}
        />
      )}
      {asked.reviewers.map((place) => (
        <GivenFile key={place} what="reviewer" place={place} onRemove={() => ask({ reviewers: without(place) })} />
      ))}
      {choice.workspace !== null && !asked.kept && !asked.people && (
        <Button size="sm" onClick={choice.trustKept}>
          Trust the people kept here
        </Button>
      )}
      <Menu
        align="end"
        trigger={
          <Button size="sm" icon={Plus} aria-label="Add whom you trust">
            Add
          </Button>
        }
        entries={choice.entries}
      />
    </>
  )
}

/** The same question for a script or another computer. */
function CopyCommand({ review: { asked, place } }: { review: Review }) {
  const launcher = useHostQuery('system.info', {}).data?.launcher ?? null
  const [copied, copy] = useCopied()
  const command = launcher === null ? null : verifyCommandOf(asked, launcher, place)
  const why = launcher === null ? 'The command line is not installed beside this window.' : 'A fingerprint and the people kept here are no options of the command line; give key files or a trust document.' // prettier-ignore
  return (
    <span className="ml-auto shrink-0" title={command ?? why}>
      <Button size="sm" variant="ghost" icon={copied ? Check : Copy} disabled={command === null} onClick={() => command && copy(command)}>
        {copied ? 'Copied' : 'Copy as command'}
      </Button>
    </span>
  )
}
