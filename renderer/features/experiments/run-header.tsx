import { ArrowLeft, BadgeCheck, GitCompareArrows, Pin, PinOff, RotateCcw, ShieldCheck, Trash2 } from 'lucide-react'
import { modelReference } from '../../../main/model/reference'
import type { RunDetail } from '../../../main/model/run'
import { GateBadge, RefLink } from '../../evidence'
import { Badge, Button, IconButton, KeyHint, navigate, PageHeader } from '../../ui'
import { RunAgain } from './run-again'
import { RunStatusBadge } from './run-badges'
import type { RunActions } from './use-run-actions'

export const BackToRuns = () => <IconButton icon={ArrowLeft} label="Back to the runs" onClick={() => navigate('experiments')} />

export interface RunHeaderProps {
  run: RunDetail
  actions: RunActions
  onAsk: (dialog: 'register' | 'gate') => void
}

export function RunHeader({ run, actions, onAsk }: RunHeaderProps) {
  const { pinned, hasModel, comparable, compare, togglePin, toggleTrash } = actions
  return (
    <PageHeader
      back={<BackToRuns />}
      title={run.name}
      status={<RunState run={run} />}
      actions={
        <>
          <IconButton
            icon={pinned ? PinOff : Pin}
            label={pinned ? 'Unpin the baseline' : 'Pin as baseline'}
            hint={<KeyHint keys="B" />}
            pressed={pinned}
            onClick={togglePin}
          />
          <IconButton
            icon={run.trashedAt ? RotateCcw : Trash2}
            label={run.trashedAt ? 'Restore the run' : 'Move to trash'}
            hint={<KeyHint keys="Delete" />}
            onClick={toggleTrash}
          />
          <RunAgain run={run} />
          <Button icon={GitCompareArrows} disabled={!comparable} onClick={() => void compare()}>
            Compare with baseline
          </Button>
          <Button icon={ShieldCheck} onClick={() => onAsk('gate')}>
            Run gate
          </Button>
        </>
      }
      primary={
        <Button variant="primary" icon={BadgeCheck} disabled={!hasModel} onClick={() => onAsk('register')}>
          Register as model
        </Button>
      }
    />
  )
}

function RunState({ run }: { run: RunDetail }) {
  return (
    <>
      <RunStatusBadge status={run.status} error={run.error} />
      {run.gate !== null && (
        <span className="flex items-center gap-1 text-caption">
          gate <GateBadge short gate={{ outcome: run.gate, shortfall: run.gateShortfall }} />
        </span>
      )}
      {run.registered.map((version) => (
        <RefLink key={version} reference={modelReference(version)} />
      ))}
      {run.trashedAt !== null && (
        <Badge status="warn" icon={Trash2}>
          in the trash
        </Badge>
      )}
    </>
  )
}
