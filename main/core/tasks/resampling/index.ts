export { estimateRatio, prepareRatio, type PreparedRatio, type RatioFigure } from './ratio'
export { studentisedIntervals, type ResampledBounds, type ResampleOptions } from './studentised'
export { drawUnits, sumsByUnit, timesOfRows, unitsOf, type Units } from './units'
