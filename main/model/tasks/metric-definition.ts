export interface MetricDefinition {
  key: string
  label: string
  unit: 'share' | 'nats' | 'seconds' | 'bytes' | 'rows/s' | 'ratio' | 'difference' | 'target' | 'classes' | 'loss' | 'costs' | 'none'
  direction: 'higher' | 'lower'
  description: string
}

export const defineMetric = (
  key: string,
  label: string,
  unit: MetricDefinition['unit'],
  direction: MetricDefinition['direction'],
  description: string
): MetricDefinition => ({ key, label, unit, direction, description })
