import { PenLine } from 'lucide-react'
import { useHostCommand, useHostQuery } from '../host'
import { Button, ErrorState, navigate, showToast } from '../ui'

export interface WritePolicyProps {
  /** What the policy is called. */
  name?: string
  onWritten: (name: string) => void
}

/** Inside of a picker without a policy to pick: writes one from the template, and hands its name over. */
export function WritePolicy({ name = 'model-policy', onWritten }: WritePolicyProps) {
  const template = useHostQuery('policies.template', { name })
  const save = useHostCommand('policies.save', {
    inline: true,
    onSuccess: (saved) => {
      showToast({
        status: 'ok',
        title: `The policy "${saved.name}" is written.`,
        text: `It has ${saved.rules} rules. Add the limits of your own field.`,
        action: { label: 'Read it', run: () => navigate('policies', [saved.name]) }
      })
      onWritten(saved.name)
    }
  })
  const error = save.error ?? template.error
  return (
    <div className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center gap-3">
        <p className="min-w-40 flex-1 text-muted">There is no policy yet. One from the template asks what any model owes.</p>
        <Button
          icon={PenLine}
          loading={save.busy}
          disabled={!template.data}
          onClick={() => template.data && void save.run({ text: template.data.text })}
        >
          Write a policy
        </Button>
      </div>
      {error ? <ErrorState compact error={error} /> : null}
    </div>
  )
}
