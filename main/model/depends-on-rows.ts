import { metricDefinition } from './tasks'

/** Whether a metric may change with the rows that were judged: all but time, memory and throughput. */
export const dependsOnRows = (key: string): boolean => !['seconds', 'bytes', 'rows/s'].includes(metricDefinition(key)?.unit ?? '')
