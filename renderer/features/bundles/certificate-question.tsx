import { Plus } from 'lucide-react'
import { useState } from 'react'
import { Moment } from '../../../main/model/commands/bundles'
import { Button, Field, TextInput } from '../../ui'
import { Given, GivenFile } from './question-parts'
import type { Review } from './use-review'
import type { TrustChoice } from './use-trust-choice'

interface CertificateQuestionProps {
  review: Review
  choice: TrustChoice
}

/** Whose certificate it must be, and when it must have been valid. */
export function CertificateQuestion({ review: { asked, ask }, choice }: CertificateQuestionProps) {
  const { tsa, lists } = asked
  const { choose, certificates } = choice
  return (
    <div className="flex flex-col gap-3 pb-1">
      <Identities asked={asked} ask={ask} />
      <Field label="Time-stamping authority" hint="Its root certificate. A stamp by it proves when the bundle was signed.">
        <span className="flex flex-wrap items-center gap-2">
          {tsa && <GivenFile place={tsa} onRemove={() => ask({ tsa: undefined })} />}
          <Button
            size="sm"
            icon={Plus}
            aria-label="Choose the root of a time-stamping authority"
            onClick={() => void choose('The root of a time-stamping authority', 'Certificate', certificates, ([file]) => ({ tsa: file }))}
          >
            {tsa ? 'Another' : 'Choose'}
          </Button>
        </span>
      </Field>
      <Field label="Lists of revoked certificates" hint="Without them nobody looks whether a certificate was revoked.">
        <span className="flex flex-wrap items-center gap-2">
          {lists.map((place) => (
            <GivenFile key={place} place={place} onRemove={() => ask({ lists: lists.filter((each) => each !== place) })} />
          ))}
          <Button
            size="sm"
            icon={Plus}
            aria-label="Add a list of revoked certificates"
            onClick={() =>
              void choose(
                'Lists of revoked certificates',
                'Revocation list',
                ['crl', 'pem', 'der'],
                (files) => ({ lists: [...new Set([...lists, ...files])] }),
                true
              )
            }
          >
            Add
          </Button>
        </span>
      </Field>
      <JudgedAt asked={asked} ask={ask} />
    </div>
  )
}

type Part = Pick<Review, 'asked' | 'ask'>

function Identities({ asked: { identities, root, people }, ask }: Part) {
  const [text, setText] = useState('')
  const add = () => {
    const name = text.trim()
    if (!name) return
    setText('')
    ask({ identities: [...new Set([...identities, name])] })
  }
  return (
    <div className="flex flex-col gap-1">
      <Field
        label="Whose certificate"
        hint={
          root || people
            ? 'Subject, organisation or alternative name. Without one, any certificate under the root would do.'
            : 'Counts under a root certificate, which you have not given.'
        }
      >
        <TextInput
          value={text}
          disabled={!root && !people}
          placeholder="Harbour Test Ltd"
          onChange={(event) => setText(event.target.value)}
          onBlur={add}
          onKeyDown={(event) => event.key === 'Enter' && add()}
        />
      </Field>
      {identities.length > 0 && (
        <span className="flex flex-wrap gap-2">
          {identities.map((name) => (
            <Given key={name} name={name} onRemove={() => ask({ identities: identities.filter((each) => each !== name) })} />
          ))}
        </span>
      )}
    </div>
  )
}

/** Takes a moment when it is whole; what is being typed asks nothing yet. */
function JudgedAt({ asked: { at }, ask }: Part) {
  const [text, setText] = useState(at ?? '')
  const [touched, setTouched] = useState(false)
  const isMoment = text.trim() === '' || Moment.safeParse(text.trim()).success
  const take = () => {
    setTouched(true)
    if (isMoment) ask({ at: text.trim() || undefined })
  }
  return (
    <Field
      label="Judge certificates at"
      hint="A moment such as 2026-11-29T12:00:00Z, or a day. Now, when it is empty."
      error={touched && !isMoment ? 'Write a moment such as 2026-11-29T12:00:00Z, or a day such as 2026-11-29.' : null}
    >
      <TextInput
        mono
        value={text}
        placeholder="now"
        onChange={(event) => setText(event.target.value)}
        onBlur={take}
        onKeyDown={(event) => event.key === 'Enter' && take()}
      />
    </Field>
  )
}
