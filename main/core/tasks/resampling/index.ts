export { effectiveShare, kishRows, type EffectiveShare } from './effective'
export { meanWithInterval } from './mean-interval'
export { opennessOf, resamplingLack } from './openness'
export { rareMeanInterval } from './rare-mean'
export { estimateRatio, prepareRatio, type PreparedRatio, type RatioFigure } from './ratio'
export { studentisedIntervals, type ResampledBounds, type ResampleOptions } from './studentised'
export {
  countingRows,
  countUnits,
  drawUnits,
  fewestUnits,
  shareClusters,
  sumsByUnit,
  timesOfRows,
  unitsOf,
  unitsOfRows,
  type CountedRows,
  type Units
} from './units'
