import type { CSSProperties } from 'react'
import type { PortInfo, PortType } from '../../../main/model/pipeline'
import { classNames } from '../../ui'

/** Each port type has a colour and a shape of its own, so that colour alone never tells them apart. */
const looks: Record<PortType, { colour: string; clip: string }> = {
  Table: { colour: 'var(--data-1)', clip: 'none' },
  FeatureSet: { colour: 'var(--data-3)', clip: 'polygon(50% 0, 100% 50%, 50% 100%, 0 50%)' },
  Model: { colour: 'var(--data-2)', clip: 'circle(50%)' },
  Evaluation: { colour: 'var(--data-6)', clip: 'polygon(25% 0, 75% 0, 100% 50%, 75% 100%, 25% 100%, 0 50%)' },
  QualityReport: { colour: 'var(--data-7)', clip: 'polygon(50% 100%, 100% 4%, 0 4%)' },
  GateResult: {
    colour: 'var(--data-6)',
    clip: 'polygon(35% 0, 65% 0, 65% 35%, 100% 35%, 100% 65%, 65% 65%, 65% 100%, 35% 100%, 35% 65%, 0 65%, 0 35%, 35% 35%)'
  },
  Explanation: { colour: 'var(--data-7)', clip: 'inset(0 30%)' },
  CrossValidation: { colour: 'var(--data-6)', clip: 'inset(30% 0)' },
  Report: { colour: 'var(--data-4)', clip: 'polygon(50% 4%, 100% 96%, 0 96%)' },
  Metrics: { colour: 'var(--data-5)', clip: 'polygon(50% 0, 100% 38%, 82% 100%, 18% 100%, 0 38%)' },
  File: { colour: 'var(--data-8)', clip: 'polygon(0 0, 60% 0, 100% 40%, 100% 100%, 0 100%)' }
}
const mixed = { colour: 'var(--line-strong)', clip: 'inset(20%)' }

const lookOf = (types: readonly PortType[]) => (types.length === 0 || types.length > 2 ? mixed : looks[types[0]])

/** Colour of an edge or port that carries this type. */
export const portColour = (types: readonly PortType[]): string => lookOf(types).colour

export function PortShape({ types, className, style }: { types: readonly PortType[]; className?: string; style?: CSSProperties }) {
  const look = lookOf(types)
  return (
    <span
      aria-hidden
      className={classNames('inline-block size-2.5 shrink-0', className)}
      style={{ background: look.colour, clipPath: look.clip, ...style }}
    />
  )
}

/** What a port takes or gives, in words: "table: Table or FeatureSet. The rows to divide." */
export function portTitle(port: PortInfo): string {
  const types = port.types.length ? port.types.join(' or ') : 'unknown type'
  return `${port.name}: ${types}${port.optional ? ', optional' : ''}.${port.help ? ` ${port.help}` : ''}`
}
