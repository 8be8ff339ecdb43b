import { PanelLeftClose, PanelLeftOpen, Search } from 'lucide-react'
import { useMemo, useRef, useState, type KeyboardEvent } from 'react'
import type { PipelineStep, StepTypeInfo } from '../../../main/model/pipeline'
import { classNames, formatCount, IconButton, KeyHint, SearchInput, Tooltip } from '../../ui'
import type { Foldable } from './use-folds'
import { STEP_DRAG_TYPE } from './use-step-drop'
import { StepIcon } from './step-icons'

const categories: Record<StepTypeInfo['category'], string> = {
  data: 'Data',
  quality: 'Quality',
  training: 'Training',
  governance: 'Governance',
  custom: 'Own programs'
}
/** So many found steps of the pipeline are listed; the rest is counted. */
const MOST_FOUND = 50

export interface StepPaletteProps extends Foldable {
  types: readonly StepTypeInfo[]
  /** Steps of the pipeline, to be found by the same search. */
  steps: readonly PipelineStep[]
  onAdd: (type: string) => void
  onShow: (stepId: string) => void
  /** Unfolds it for a search. */
  onFind: () => void
  /** The focus has left it. */
  onLeave: () => void
}

/** The step types by category, and a search over them and the steps there are. A click adds one, or it is dragged onto the canvas. */
export function StepPalette({ types, steps, onAdd, onShow, onFind, onLeave, folded, onFold }: StepPaletteProps) {
  const [search, setSearch] = useState('')
  const list = useRef<HTMLDivElement>(null)
  const words = useMemo(() => (folded ? '' : search).toLowerCase().split(/\s+/).filter(Boolean), [search, folded])
  const groups = useMemo(() => {
    const found = findTypes(types, words)
    return (Object.keys(categories) as StepTypeInfo['category'][])
      .map((category) => ({ category, found: found.filter((type) => type.category === category) }))
      .filter((group) => group.found.length > 0)
  }, [types, words])
  const foundSteps = useMemo(
    () => (words.length ? steps.filter((step) => matches(words, `${step.id} ${step.title ?? ''} ${step.type}`)) : []),
    [steps, words]
  )
  const first = findTypes(types, words)[0]
  const onKeyDown = (event: KeyboardEvent) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (!by) return
    const buttons = [...(list.current?.querySelectorAll<HTMLButtonElement>('button') ?? [])]
    const here = buttons.indexOf(document.activeElement as HTMLButtonElement)
    buttons[Math.min(buttons.length - 1, Math.max(0, here + by))]?.focus()
    event.preventDefault()
  }
  return (
    <aside
      aria-label="Step palette"
      data-panel
      tabIndex={-1}
      className={classNames('flex h-full flex-col bg-surface-0 outline-none', folded && 'border-r')}
      onKeyDown={onKeyDown}
      onBlur={(event) => event.currentTarget.contains(event.relatedTarget) || onLeave()}
    >
      {folded ? (
        <div className="flex flex-col items-center gap-1 border-b py-1.5">
          <IconButton icon={PanelLeftOpen} label="Show the names of the step types" onClick={() => onFold(false)} />
          <IconButton icon={Search} label="Find a step" hint={<KeyHint keys="A" />} onClick={onFind} />
        </div>
      ) : (
        <div className="flex items-center gap-1 border-b p-2">
          <SearchInput
            value={search}
            onChange={setSearch}
            placeholder="Find a step"
            className="w-full"
            onSubmit={() => {
              setSearch('')
              if (first) onAdd(first.type)
              else if (foundSteps[0]) onShow(foundSteps[0].id)
            }}
          />
          <IconButton icon={PanelLeftClose} size="sm" label="Fold the step palette" onClick={() => onFold(true)} />
        </div>
      )}
      <div ref={list} className={classNames('min-h-0 flex-1 overflow-x-hidden overflow-y-auto', folded ? 'py-1 pl-0.5' : 'p-2')}>
        {groups.map(({ category, found }) => (
          <section key={category} aria-label={categories[category]} className={folded ? 'mb-1 border-b pb-1 last:border-b-0' : 'mb-2'}>
            {!folded && <h2 className="px-1 pb-0.5 text-micro text-muted">{categories[category]}</h2>}
            {found.map((type) => (
              <TypeButton key={type.type} type={type} folded={folded} onAdd={() => onAdd(type.type)} />
            ))}
          </section>
        ))}
        {foundSteps.length > 0 && (
          <section aria-label="In this pipeline" className="mb-2">
            <h2 className="px-1 pb-0.5 text-micro text-muted">In this pipeline</h2>
            {foundSteps.slice(0, MOST_FOUND).map((step) => (
              <button
                key={step.id}
                type="button"
                aria-label={`Show step ${step.id}`}
                onClick={() => onShow(step.id)}
                className="control-focus flex w-full flex-col rounded-md px-2 py-1 text-left hover:bg-surface-1"
              >
                <span className="w-full truncate">{step.title ?? step.id}</span>
                <span className="w-full truncate font-mono text-micro text-muted">{step.id}</span>
              </button>
            ))}
            {foundSteps.length > MOST_FOUND && (
              <p className="px-2 text-caption text-muted">and {formatCount(foundSteps.length - MOST_FOUND, 'further step')}</p>
            )}
          </section>
        )}
        {groups.length + foundSteps.length === 0 && <p className="px-1 text-muted">No step matches.</p>}
      </div>
      {!folded && (
        <p className="border-t p-2 text-caption text-muted max-[900px]:hidden">
          A click adds a step beside the selected one; or drag it to its place.
        </p>
      )}
    </aside>
  )
}

const matches = (words: readonly string[], text: string): boolean => {
  const lower = text.toLowerCase()
  return words.every((word) => lower.includes(word))
}

/** Types whose name says it come before those whose help only mentions it. */
function findTypes(types: readonly StepTypeInfo[], words: readonly string[]): StepTypeInfo[] {
  const named = types.filter((type) => matches(words, `${type.title} ${type.type}`))
  const mentioned = types.filter(
    (type) => !named.includes(type) && matches(words, `${type.title} ${type.type} ${type.help} ${categories[type.category]}`)
  )
  return [...named, ...mentioned]
}

function TypeButton({ type, folded, onAdd }: { type: StepTypeInfo; folded: boolean; onAdd: () => void }) {
  const button = (
    <button
      type="button"
      draggable
      title={folded ? undefined : type.help}
      aria-label={`Add ${type.title}`}
      onDragStart={(event) => {
        event.dataTransfer.setData(STEP_DRAG_TYPE, type.type)
        event.dataTransfer.effectAllowed = 'copy'
      }}
      // The second click of a double click adds no second step.
      onClick={(event) => event.detail < 2 && onAdd()}
      className={classNames(
        'control-focus flex items-center gap-2 rounded-md border border-transparent text-left hover:border-line hover:bg-surface-1',
        folded ? 'size-8.5 justify-center' : 'w-full px-2 py-1'
      )}
    >
      <StepIcon name={type.icon} />
      {!folded && <span className="min-w-0 truncate">{type.title}</span>}
    </button>
  )
  return folded ? <Tooltip content={`${type.title}. ${type.help}`}>{button}</Tooltip> : button
}
