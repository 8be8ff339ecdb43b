import { useState } from 'react'
import { marginWords, type Shape, type ShapesDrawing } from '../../../main/model/glass-box'
import { Button, formatAuto, formatCount, MultiCombobox, Panel, Switch } from '../../ui'
import { ShapeChart } from './shape-chart'

/** Drawn at first; the others are one click away. */
const FIRST = 12
/** So few more are drawn at once as well. */
const MOST_MORE = 4
const MOST_CLASSES = 4

/** Every curve and every pair of an explainable boosting model, the widest first. Nothing else takes part in a prediction. */
export function ShapePanels({ drawing }: { drawing: ShapesDrawing }) {
  const { shapes, classes, margin } = drawing
  const [isShared, setShared] = useState(true)
  const [shown, setShown] = useState(FIRST)
  const names = (classes ?? []).map(String)
  const [chosen, setChosen] = useState<readonly string[]>(names.slice(0, MOST_CLASSES))
  const outputs = classes === null ? [0] : names.flatMap((name, at) => (chosen.includes(name) ? [at] : []))
  const sorted = [...shapes].sort((a, b) => b.spread - a.spread)
  const drawn = sorted.length - shown <= MOST_MORE ? sorted : sorted.slice(0, shown)
  const range = isShared ? sharedRange(shapes, outputs) : undefined
  return (
    <section aria-label="Shapes of the model" className="flex flex-col gap-3" data-testid="shapes">
      <p className="text-caption text-muted">{introduction(drawing)}</p>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <Switch label="One scale for all" checked={isShared} onChange={setShared} />
        {classes !== null && (
          <MultiCombobox
            aria-label="Classes of the curves"
            className="max-w-120"
            value={chosen}
            onChange={setChosen}
            choices={names.map((name) => ({ value: name, label: name }))}
            placeholder="Choose classes"
          />
        )}
      </div>
      <div className="grid grid-cols-[repeat(auto-fit,minmax(min(380px,100%),1fr))] gap-3">
        {drawn.map((shape) => (
          <Panel key={shape.axes.map(({ feature }) => feature).join(' and ')}>
            <ShapeChart shape={shape} outputs={outputs} classes={names} axis={marginWords[margin]} yRange={range} />
          </Panel>
        ))}
      </div>
      {sorted.length > drawn.length && (
        <Button className="self-start" onClick={() => setShown(sorted.length)}>
          Show the other {formatCount(sorted.length - drawn.length, 'shape')}
        </Button>
      )}
    </section>
  )
}

function introduction({ bags, intercept, margin, shapes, calibrated }: ShapesDrawing): string {
  const pairs = shapes.filter(({ axes }) => axes.length === 2).length
  const start = intercept.length === 1 ? ` and the intercept ${formatAuto(intercept[0])}` : ' and one intercept for each class'
  const band = bags > 1 ? ` Bands are 95% intervals from ${bags} resampled fits.` : ''
  return `These curves are the whole model: a prediction is the sum of one value of each${start}${margin === 'log-odds' ? ', as log-odds of the event' : ''}. ${formatCount(shapes.length - pairs, 'curve')} and ${formatCount(pairs, 'pair')}, those that move predictions most first.${band} Grey shows where rows lie.${calibrated ? ' The probability that it states was corrected after this sum.' : ''}`
}

/** One vertical axis for all curves, by their scores: a wide interval at the edge of a column must not flatten every curve. */
function sharedRange(shapes: readonly Shape[], outputs: readonly number[]): [number, number] {
  const scores = shapes.filter(({ axes }) => axes.length === 1).flatMap((shape) => outputs.flatMap((output) => shape.scores[output]))
  const [low, high] = [Math.min(0, ...scores), Math.max(0, ...scores)]
  const room = (high - low) * 0.12 || 1
  return [low - room, high + room]
}
