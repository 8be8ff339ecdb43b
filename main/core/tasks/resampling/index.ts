export { effectiveShare, kishRows, type EffectiveShare } from './effective'
export { estimateRatio, prepareRatio, type PreparedRatio, type RatioFigure } from './ratio'
export { studentisedIntervals, type ResampledBounds, type ResampleOptions } from './studentised'
export { drawUnits, fewestUnits, shareClusters, sumsByUnit, timesOfRows, unitsOf, unitsOfRows, type CountedRows, type Units } from './units'
