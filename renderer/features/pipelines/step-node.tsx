import { Handle, Position, useStore, type NodeProps } from '@xyflow/react'
import { Plus } from 'lucide-react'
import { memo, type ReactNode } from 'react'
import type { PortInfo } from '../../../main/model/pipeline'
import { lookOfState } from '../../evidence'
import { classNames, formatDuration, Progress, StatusIcon, statusText } from '../../ui'
import { NEW_PORT } from './connection-rules'
import type { StepNode as StepNodeType } from './graph-projection'
import { portTitle, PortShape } from './port-look'
import { useStepRun } from './run-store'
import { useStepElapsed } from './step-elapsed'
import { StepIcon } from './step-icons'
import { HEADER_HEIGHT, PORT_HEIGHT, portCentre } from './step-layout'

/** From this zoom on ports are too small to see; a plain box keeps hundreds of steps smooth. */
const FAR = 0.32
/** From this zoom on small print cannot be read; the title is set larger and names of ports are left out. */
const SMALL = 0.75
type Distance = 'near' | 'small' | 'far'
const distanceOf = ({ transform: [, , zoom] }: { transform: readonly [number, number, number] }): Distance =>
  zoom < FAR ? 'far' : zoom < SMALL ? 'small' : 'near'

/** One step on the canvas: what it is, its ports, and how it goes in the run that is shown. */
export const StepNode = memo(function StepNode({ data, selected, isConnectable }: NodeProps<StepNodeType>) {
  const { step, type, errors, warnings, outputs } = data
  const inputs = data.newInput ? [...data.inputs, data.newInput] : data.inputs
  const distance = useStore(distanceOf)
  const ports = [
    ...inputs.map((port, index) => ({ port, index, side: 'input' as const, isConnectable })),
    ...outputs.map((port, index) => ({ port, index, side: 'output' as const, isConnectable }))
  ]
  if (distance !== 'near')
    return (
      <SmallStep stepId={step.id} title={step.title ?? type?.title ?? step.type} selected={selected} errors={errors} warnings={warnings}>
        {distance === 'small' &&
          ports.map((each) => <Port key={`${each.side}-${each.port.name}`} {...each} top={portCentre(each.index)} />)}
      </SmallStep>
    )
  return (
    <div
      className={classNames(
        'flex h-full w-full flex-col rounded-md border bg-surface-1 text-body',
        selected ? 'border-accent outline-2 outline-accent' : errors ? 'border-error' : 'border-line-strong/60'
      )}
    >
      <div className="flex items-center gap-2 border-b px-2.5" style={{ height: HEADER_HEIGHT }}>
        <StepIcon name={type?.icon} />
        <div className="min-w-0 flex-1">
          <div className="truncate leading-4 font-medium">{step.title ?? type?.title ?? step.type}</div>
          <div className="truncate font-mono text-micro leading-4 text-muted">{step.id}</div>
        </div>
        {errors > 0 ? (
          <span className="flex items-center gap-1 text-caption text-error" title={`${errors} to correct`}>
            <StatusIcon status="error" /> {errors}
            <span className="sr-only">to correct</span>
          </span>
        ) : warnings > 0 ? (
          <span className="flex items-center gap-1 text-caption text-warn" title={`${warnings} to look at`}>
            <StatusIcon status="warn" /> {warnings}
            <span className="sr-only">to look at</span>
          </span>
        ) : null}
      </div>
      <div className="relative flex-1">
        {ports.map((each) => (
          <PortRow key={`${each.side}-${each.port.name}`} {...each} />
        ))}
      </div>
      <StepFooter stepId={step.id} typeTitle={type?.title ?? 'Unknown type'} />
    </div>
  )
})

interface SmallStepProps {
  stepId: string
  title: string
  selected: boolean
  errors: number
  warnings: number
  children: ReactNode
}

/** A step from afar: its title and how it goes, in words that stay readable. */
function SmallStep({ stepId, title, selected, errors, warnings, children }: SmallStepProps) {
  const run = useStepRun(stepId)
  const { word, icon: Icon, status } = lookOfState(run?.state ?? '', run?.cached, run?.gate)
  return (
    <div
      className={classNames(
        'drydock-words flex h-full w-full flex-col justify-center rounded-md border-2 bg-surface-1 px-3.5',
        selected ? 'border-accent outline-3 outline-accent' : errors ? 'border-error' : 'border-line-strong/60'
      )}
    >
      {children}
      <div className={classNames('font-medium', run || errors || warnings ? 'line-clamp-2' : 'line-clamp-3')}>{title}</div>
      {run ? (
        <div className={classNames('flex min-w-0 items-center gap-[0.3em] text-[0.85em]', statusText[status])}>
          <Icon aria-hidden className={classNames('size-[0.9em] shrink-0', run.state === 'running' && 'animate-spin')} />
          <span className="truncate">{word}</span>
        </div>
      ) : errors || warnings ? (
        <div className={classNames('truncate', errors ? 'text-error' : 'text-warn')}>
          {errors ? `${errors} to correct` : `${warnings} to look at`}
        </div>
      ) : null}
    </div>
  )
}

type Side = 'input' | 'output'

/** The point that a connection starts from or ends at, `top` pixels below the top of what it stands in. */
function Port({ port, top, side, isConnectable }: { port: PortInfo; top: number; side: Side; isConnectable: boolean }) {
  const isNew = port.name === NEW_PORT
  const isInput = side === 'input'
  return (
    <Handle
      id={port.name}
      type={isInput ? 'target' : 'source'}
      position={isInput ? Position.Left : Position.Right}
      isConnectable={isConnectable}
      title={portTitle(isNew ? { ...port, name: 'New input' } : port)}
      className="drydock-port"
      style={{ top }}
    >
      {isNew ? (
        <Plus aria-hidden className="pointer-events-none size-3 rounded-full border border-line-strong bg-surface-1 text-muted" />
      ) : (
        <PortShape types={port.types} className={classNames('pointer-events-none', port.optional && 'opacity-70')} />
      )}
    </Handle>
  )
}

function PortRow({ port, index, side, isConnectable }: { port: PortInfo; index: number; side: Side; isConnectable: boolean }) {
  const centre = portCentre(index) - HEADER_HEIGHT
  return (
    <>
      <Port port={port} top={centre} side={side} isConnectable={isConnectable} />
      <div
        className={classNames(
          'pointer-events-none absolute flex max-w-1/2 items-center text-caption text-muted',
          side === 'input' ? 'left-3' : 'right-3 justify-end'
        )}
        style={{ top: centre - PORT_HEIGHT / 2, height: PORT_HEIGHT }}
      >
        <span className="truncate">{port.name === NEW_PORT ? 'add input' : port.name}</span>
      </div>
    </>
  )
}

function StepFooter({ stepId, typeTitle }: { stepId: string; typeTitle: string }) {
  const step = useStepRun(stepId)
  const seconds = useStepElapsed(step)
  if (!step) return <div className="truncate border-t px-2.5 py-1 text-caption leading-4.5 text-muted">{typeTitle}</div>
  const { word, icon: Icon, status } = lookOfState(step.state, step.cached, step.gate)
  const isRunning = step.state === 'running'
  return (
    <div className="relative flex items-center gap-1.5 border-t px-2.5 py-1 text-caption leading-4.5">
      <Icon aria-hidden className={classNames('size-3.5 shrink-0', statusText[status], isRunning && 'animate-spin')} />
      <span className={classNames('shrink-0', statusText[status])}>{word}</span>
      {isRunning && step.progress.fraction !== null && (
        <span className="text-muted tabular-nums">{Math.floor(step.progress.fraction * 100)}%</span>
      )}
      <span className="ml-auto truncate text-muted tabular-nums">
        {seconds !== null && (isRunning || step.state === 'succeeded' || step.state === 'failed') && !step.cached
          ? formatDuration(seconds)
          : ''}
      </span>
      {isRunning && (
        <span className="absolute inset-x-0 -bottom-px flex">
          <Progress bare value={step.progress.fraction} label={`${stepId}: ${step.progress.message || 'running'}`} />
        </span>
      )}
    </div>
  )
}
