import { useMemo, useRef, useState, type KeyboardEvent } from 'react'
import type { StepTypeInfo } from '../../../main/model/pipeline'
import { SearchInput } from '../../ui'
import { STEP_DRAG_TYPE } from './pipeline-canvas'
import { StepIcon } from './step-icons'

const categories: Record<StepTypeInfo['category'], string> = {
  data: 'Data',
  quality: 'Quality',
  training: 'Training',
  governance: 'Governance',
  custom: 'Own programs'
}

/** The step types by category. Drag one onto the canvas, or press Enter on it. */
export function StepPalette({ types, onAdd }: { types: readonly StepTypeInfo[]; onAdd: (type: string) => void }) {
  const [search, setSearch] = useState('')
  const list = useRef<HTMLDivElement>(null)
  const groups = useMemo(() => {
    const words = search.toLowerCase().split(/\s+/).filter(Boolean)
    const found = types.filter((type) => {
      const text = `${type.title} ${type.type} ${type.help} ${categories[type.category]}`.toLowerCase()
      return words.every((word) => text.includes(word))
    })
    return (Object.keys(categories) as StepTypeInfo['category'][])
      .map((category) => ({ category, found: found.filter((type) => type.category === category) }))
      .filter((group) => group.found.length > 0)
  }, [types, search])
  const first = groups[0]?.found[0]
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (!step) return
    const buttons = [...(list.current?.querySelectorAll<HTMLButtonElement>('button') ?? [])]
    const here = buttons.indexOf(document.activeElement as HTMLButtonElement)
    buttons[Math.min(buttons.length - 1, Math.max(0, here + step))]?.focus()
    event.preventDefault()
  }
  return (
    <aside
      aria-label="Step palette"
      data-panel
      tabIndex={-1}
      className="flex h-full flex-col bg-surface-0 outline-none"
      onKeyDown={onKeyDown}
    >
      <div className="border-b p-2">
        <SearchInput
          value={search}
          onChange={setSearch}
          placeholder="Find a step"
          className="w-full"
          onSubmit={() => first && onAdd(first.type)}
        />
      </div>
      <div ref={list} className="min-h-0 flex-1 overflow-y-auto p-2">
        {groups.map(({ category, found }) => (
          <section key={category} aria-label={categories[category]} className="mb-2">
            <h2 className="px-1 pb-0.5 text-micro text-muted">{categories[category]}</h2>
            {found.map((type) => {
              return (
                <button
                  key={type.type}
                  type="button"
                  draggable
                  title={type.help}
                  aria-label={`Add ${type.title}`}
                  onDragStart={(event) => {
                    event.dataTransfer.setData(STEP_DRAG_TYPE, type.type)
                    event.dataTransfer.effectAllowed = 'copy'
                  }}
                  onDoubleClick={() => onAdd(type.type)}
                  onKeyDown={(event) => {
                    if (event.key !== 'Enter' && event.key !== ' ') return
                    event.preventDefault()
                    onAdd(type.type)
                  }}
                  className="control-focus flex w-full items-center gap-2 rounded-md border border-transparent px-2 py-1 text-left hover:border-line hover:bg-surface-1"
                >
                  <StepIcon name={type.icon} />
                  <span className="min-w-0 truncate">{type.title}</span>
                </button>
              )
            })}
          </section>
        ))}
        {groups.length === 0 && <p className="px-1 text-muted">No step type matches.</p>}
      </div>
      <p className="border-t p-2 text-caption text-muted">Drag a step onto the canvas, or double-click it, or press Enter on it.</p>
    </aside>
  )
}
