import { Handle, Position, useStore, type NodeProps } from '@xyflow/react'
import { Plus } from 'lucide-react'
import { memo } from 'react'
import type { PortInfo } from '../../../main/model/pipeline'
import { classNames, formatDuration, Progress, StatusIcon, statusText } from '../../ui'
import { NEW_PORT } from './connection-rules'
import type { StepNode as StepNodeType } from './graph-projection'
import { portTitle, PortShape } from './port-look'
import { useStepRun } from './run-store'
import { lookOfState, useStepElapsed } from './state-look'
import { StepIcon } from './step-icons'
import { HEADER_HEIGHT, PORT_HEIGHT, portCentre } from './step-layout'

/** From this zoom on ports and words are too small to see; a plain box keeps hundreds of steps smooth. */
const FAR = 0.32
const isFarOff = (state: { transform: readonly [number, number, number] }): boolean => state.transform[2] < FAR

/** One step on the canvas: what it is, its ports, and how it goes in the run that is shown. */
export const StepNode = memo(function StepNode({ data, selected, isConnectable }: NodeProps<StepNodeType>) {
  const { step, type, errors, warnings, outputs } = data
  const inputs = data.newInput ? [...data.inputs, data.newInput] : data.inputs
  const isFar = useStore(isFarOff)
  if (isFar) return <FarStep stepId={step.id} title={step.title ?? type?.title ?? step.type} selected={selected} isWrong={errors > 0} />
  return (
    <div
      className={classNames(
        'flex h-full w-full flex-col rounded-md border bg-surface-1 text-body',
        selected ? 'border-accent ring-2 ring-accent' : errors ? 'border-error' : 'border-line-strong/60'
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
        {inputs.map((port, index) => (
          <PortRow key={`in-${port.name}`} port={port} index={index} side="input" isConnectable={isConnectable} />
        ))}
        {outputs.map((port, index) => (
          <PortRow key={`out-${port.name}`} port={port} index={index} side="output" isConnectable={isConnectable} />
        ))}
      </div>
      <StepFooter stepId={step.id} typeTitle={type?.title ?? 'Unknown type'} />
    </div>
  )
})

function FarStep({ stepId, title, selected, isWrong }: { stepId: string; title: string; selected: boolean; isWrong: boolean }) {
  const run = useStepRun(stepId)
  const { word, status } = lookOfState(run?.state ?? '', run?.cached)
  return (
    <div
      className={classNames(
        'flex h-full w-full flex-col justify-center overflow-hidden rounded-md border-2 bg-surface-1 px-3',
        selected ? 'border-accent ring-8 ring-accent' : isWrong ? 'border-error' : 'border-line-strong/60'
      )}
    >
      <div className="truncate text-figure font-medium">{title}</div>
      {run && <div className={classNames('truncate text-figure', statusText[status])}>{word}</div>}
    </div>
  )
}

interface PortRowProps {
  port: PortInfo
  index: number
  side: 'input' | 'output'
  isConnectable: boolean
}

function PortRow({ port, index, side, isConnectable }: PortRowProps) {
  const centre = portCentre(index)
  const isNew = port.name === NEW_PORT
  const isInput = side === 'input'
  return (
    <>
      <Handle
        id={port.name}
        type={isInput ? 'target' : 'source'}
        position={isInput ? Position.Left : Position.Right}
        isConnectable={isConnectable}
        title={portTitle(isNew ? { ...port, name: 'New input' } : port)}
        className="drydock-port"
        style={{ top: centre - HEADER_HEIGHT }}
      >
        {isNew ? (
          <Plus aria-hidden className="pointer-events-none size-3 rounded-full border border-line-strong bg-surface-1 text-muted" />
        ) : (
          <PortShape types={port.types} className={classNames('pointer-events-none', port.optional && 'opacity-70')} />
        )}
      </Handle>
      <div
        className={classNames(
          'pointer-events-none absolute flex max-w-1/2 items-center text-caption text-muted',
          isInput ? 'left-3' : 'right-3 justify-end'
        )}
        style={{ top: centre - HEADER_HEIGHT - PORT_HEIGHT / 2, height: PORT_HEIGHT }}
      >
        <span className="truncate">{isNew ? 'add input' : port.name}</span>
      </div>
    </>
  )
}

function StepFooter({ stepId, typeTitle }: { stepId: string; typeTitle: string }) {
  const step = useStepRun(stepId)
  const seconds = useStepElapsed(step)
  if (!step) return <div className="truncate border-t px-2.5 py-1 text-caption leading-4.5 text-muted">{typeTitle}</div>
  const { word, icon: Icon, status } = lookOfState(step.state, step.cached)
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
