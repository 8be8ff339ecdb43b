import type { GlassBox } from '../../../main/model/glass-box'
import { PointsPanels } from './points-panels'
import { ShapePanels } from './shape-panels'

/** A model that is read whole, as panels: its shapes, or its table of points. */
export const GlassBoxView = ({ box }: { box: GlassBox }) =>
  box.kind === 'shapes' ? <ShapePanels drawing={box} /> : <PointsPanels drawing={box} />
