import { z } from 'zod'
import { Experiment, RunDetail } from '../run'
import { shape } from './shape'
import { RunId, ExperimentId } from '../reference'

const runs = z.object({ ids: z.array(RunId).min(1) })

export const experimentShapes = {
  update: shape(
    z.object({ id: ExperimentId, question: z.string().max(2000).optional(), primaryMetric: z.string().max(100).optional() }),
    Experiment,
    ['experiments']
  ),
  annotate: shape(
    z.object({ id: RunId, name: z.string().trim().min(1).max(200).optional(), note: z.string().max(10_000).optional() }),
    RunDetail,
    ['experiments', 'models']
  ),
  /** A tag without a value goes away. */
  setTag: shape(z.object({ id: RunId, key: z.string().trim().min(1).max(250), value: z.string().max(5000).nullable() }), RunDetail, [
    'experiments'
  ]),
  trash: shape(runs, z.null(), ['experiments']),
  restore: shape(runs, z.null(), ['experiments'])
}
