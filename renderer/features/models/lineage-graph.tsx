import { Boxes, Cog, Database, FileText, Gauge, Scale, ScrollText, Table2, type LucideIcon } from 'lucide-react'
import { useLayoutEffect, useMemo, useRef, useState } from 'react'
import { digestOf } from '../../../main/model/reference'
import type { Lineage } from '../../../main/model/registry'
import { classNames, navigateTo, shortHash } from '../../ui'
import { hrefOfNode, kindWord, nodeName } from './lineage-kinds'
import { layoutLineage, nodeHeight, nodeWidth } from './lineage-layout'

const icons: Record<string, LucideIcon> = {
  dataset: Database,
  featureset: Gauge,
  table: Table2,
  model: Boxes,
  report: ScrollText,
  file: FileText,
  step: Cog,
  policy: Scale
}

export interface LineageGraphProps {
  lineage: Lineage
  /** The bytes that this version is; their node is marked. */
  modelSha256: string
  selected: string | null
  onSelect: (id: string) => void
  /** Null fits the drawing to the window, but never enlarges it. */
  zoom: number | null
}

/** The drawing. Nodes are buttons in reading order, so that Tab and Enter do what a mouse does; a double click goes there. */
export function LineageGraph({ lineage, modelSha256, selected, onSelect, zoom }: LineageGraphProps) {
  const placed = useMemo(() => layoutLineage(lineage), [lineage])
  const frame = useRef<HTMLDivElement>(null)
  const [room, setRoom] = useState<{ width: number; height: number } | null>(null)
  useLayoutEffect(() => {
    const element = frame.current
    if (!element) return
    const measure = () => setRoom({ width: element.clientWidth, height: element.clientHeight })
    measure()
    if (typeof ResizeObserver === 'undefined') return
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    return () => observer.disconnect()
  }, [])
  const fitting = room ? Math.min(1, Math.max(0.4, Math.min(room.width / placed.width, room.height / placed.height))) : 1
  const scale = zoom ?? fitting
  const inOrder = useMemo(() => [...placed.nodes].sort((a, b) => a.y - b.y || a.x - b.x), [placed])
  return (
    <div ref={frame} role="group" aria-label="Lineage graph" className="h-full overflow-auto bg-surface-0">
      <div className="relative mx-auto" style={{ width: placed.width * scale, height: placed.height * scale }}>
        <div
          className="absolute top-0 left-0 origin-top-left"
          style={{ width: placed.width, height: placed.height, transform: `scale(${scale})` }}
        >
          <svg aria-hidden width={placed.width} height={placed.height} className="absolute inset-0 text-line-strong">
            <defs>
              <marker id="lineage-arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto-start-reverse">
                <path d="M0 0L8 4L0 8z" fill="currentColor" />
              </marker>
            </defs>
            {placed.edges.map((edge) => (
              <polyline
                key={edge.key}
                points={edge.points.map((point) => `${point.x},${point.y}`).join(' ')}
                fill="none"
                stroke="currentColor"
                markerEnd="url(#lineage-arrow)"
              />
            ))}
          </svg>
          {inOrder.map(({ node, x, y }) => {
            const Icon = icons[node.kind] ?? FileText
            const digest = digestOf(node.id)
            const isModel = node.id.includes(modelSha256)
            return (
              <button
                key={node.id}
                type="button"
                aria-pressed={node.id === selected}
                aria-label={`${kindWord(node.kind)} ${nodeName(node)}${isModel ? ', this model' : ''}`}
                title={node.detail}
                onClick={() => onSelect(node.id)}
                onDoubleClick={() => {
                  const href = hrefOfNode(node)
                  if (href) navigateTo(href)
                }}
                className={classNames(
                  'absolute flex items-center gap-2 border px-2 text-left hover:border-line-strong',
                  node.kind === 'step' ? 'rounded-full bg-surface-2 px-3' : 'rounded-md bg-surface-1',
                  isModel && 'border-2 border-accent font-semibold',
                  node.id === selected && 'shadow-[0_0_0_2px_var(--focus)]'
                )}
                style={{ left: x, top: y, width: nodeWidth, height: nodeHeight }}
              >
                <Icon aria-hidden className="size-4 shrink-0 text-muted" />
                <span className="min-w-0 leading-4">
                  <span className="block truncate text-caption">{nodeName(node)}</span>
                  <span className="block truncate text-micro font-normal text-muted">
                    {isModel ? 'This model' : kindWord(node.kind)}{' '}
                    {digest && !isModel && <span className="font-mono">{shortHash(digest)}</span>}
                  </span>
                </span>
              </button>
            )
          })}
        </div>
      </div>
    </div>
  )
}
