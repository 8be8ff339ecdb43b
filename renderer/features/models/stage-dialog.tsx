import { useState } from 'react'
import { describeChange, gateWord } from '../../../main/model/gate-standing'
import { decidingRole, type ModelStage, type ModelVersionDetail } from '../../../main/model/registry'
import { describeRejection, wayOutOf } from '../../../main/model/rejection-words'
import { useHostCommand, useHostQuery } from '../../host'
import { Button, describeError, Dialog, ErrorState, Field, navigate, StatusIcon, TextArea } from '../../ui'
import { DeciderField, useDecider } from './decider'
import { StageBadge, stageMeaning, stageWord } from './model-badges'

export interface StageDialogProps {
  model: ModelVersionDetail
  to: ModelStage
  onClose: () => void
  onShowGate: () => void
}

/** Moves a version to another stage, with the reason that goes into the record. */
export function StageDialog({ model, to, onClose, onShowGate }: StageDialogProps) {
  const [reason, setReason] = useState('')
  const [touched, setTouched] = useState(false)
  const move = useHostCommand('models.setStage', {
    inline: true,
    success: `${model.name}@${model.version} is now ${stageWord(to).toLowerCase()}.`,
    onSuccess: onClose
  })
  const needsGate = (to === 'approved' || to === 'released') && model.gate?.outcome !== 'pass'
  const isDecision = to in decidingRole
  const rejections = useHostQuery('bundles.rejections', { name: model.name, version: model.version }, { enabled: isDecision })
  const standing = isDecision ? (rejections.data ?? []) : []
  // A gate is shown where it is what forbids the move.
  const denied = standing.length === 0 && move.error ? describeError(move.error).code === 'POLICY_DENIED' : false
  const lacking = lackingWords(model)
  const showGate = () => {
    onClose()
    onShowGate()
  }
  const decider = useDecider(to)
  const submit = async () => {
    setTouched(true)
    if (!reason.trim() || !(await decider.unlock())) return
    await move.run({ name: model.name, version: model.version, to, reason: reason.trim() })
  }
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Move to ${stageWord(to).toLowerCase()}`}
      description={`${model.name}, version ${model.version}. ${stageMeaning(to)}`}
      onSubmit={() => void submit()}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant={to === 'retired' ? 'danger' : 'primary'} loading={move.busy || decider.busy}>
            Move to {stageWord(to).toLowerCase()}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        <div className="flex items-center gap-2">
          <StageBadge stage={model.stage} withoutGate={model.withoutGate} plain />
          <span aria-hidden className="text-muted">
            {'\u2192'}
          </span>
          <StageBadge stage={to} plain />
        </div>
        {needsGate && !move.error && (
          <div className="flex items-start gap-2 rounded-md bg-warn-soft p-2">
            <StatusIcon status="warn" className="mt-0.5" />
            <p className="flex-1">
              {model.gate
                ? model.gate.changed
                  ? `The policy ${model.gate.policy} ${describeChange(model.gate.changed)}. The move is refused: another text undoes no failure. Change data, features or parameters, and register the model that comes of it.`
                  : `The gate of its run, policy ${model.gate.policy}, says ${gateWord(model.gate)}. The move is refused until a gate passes.`
                : 'No policy gate was run over it. The move is refused until a gate passes.'}
            </p>
            <Button size="sm" onClick={showGate}>
              Show the gate
            </Button>
          </div>
        )}
        {standing.length > 0 && !move.error && (
          <div className="flex items-start gap-2 rounded-md bg-error-soft p-2">
            <StatusIcon status="error" className="mt-0.5" />
            <div className="min-w-0 flex-1 [overflow-wrap:anywhere]">
              {standing.map((rejection) => (
                <p key={rejection.fingerprint}>{describeRejection(rejection)}</p>
              ))}
              <p className="mt-1">The move is refused. {wayOutOf(standing)}</p>
            </div>
            <Button
              size="sm"
              onClick={() => {
                onClose()
                navigate('bundles')
              }}
            >
              Show the bundles
            </Button>
          </div>
        )}
        {to === 'approved' && lacking.length > 0 && !move.error && (
          <div className="flex items-start gap-2 rounded-md bg-warn-soft p-2">
            <StatusIcon status="warn" className="mt-0.5" />
            <p className="flex-1">
              Its {lacking.join(' and its ')} {lacking.length > 1 ? 'are' : 'is'} not written yet, and what describes an approved version is
              not changed any more. Write it first, under Summary.
            </p>
          </div>
        )}
        <Field
          label="Reason"
          hint="Kept for good with your name and the time."
          error={touched && !reason.trim() ? 'Say why; the reason is part of the record.' : null}
        >
          <TextArea value={reason} onChange={(event) => setReason(event.target.value)} rows={4} maxLength={2000} />
        </Field>
        <DeciderField decider={decider} touched={touched} />
        {move.error ? (
          <ErrorState
            compact
            error={move.error}
            title={denied ? 'The policy does not allow this move' : undefined}
            action={
              denied && (
                <Button size="sm" onClick={showGate}>
                  Show the gate
                </Button>
              )
            }
          />
        ) : null}
      </div>
    </Dialog>
  )
}

/** What a reader of an approved version would miss for good. */
const lackingWords = ({ purpose: { purpose, owner } }: ModelVersionDetail): string[] => [
  ...(purpose.trim() === '' ? ['purpose'] : []),
  ...(['', 'unknown person'].includes(owner.trim()) ? ['owner'] : [])
]
