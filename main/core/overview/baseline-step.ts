import type { NextStep } from '../../model/overview'

/** The way to a first model: the baseline of the dataset that was checked last, or of the newest one; a canvas is the second way. */
export function baselineStep(datasets: readonly { name: string }[], checked: string | undefined): NextStep {
  const dataset = datasets.find(({ name }) => name === checked) ?? datasets[0]
  return {
    id: 'pipeline',
    title: 'Train a baseline',
    text: `A first model${dataset ? ` on "${dataset.name}"` : ''} that later ones are compared with. One dialog writes its pipeline and its policy and runs them.`,
    route: dataset ? `/data/${encodeURIComponent(dataset.name)}?train=baseline` : '/data',
    other: { title: 'Draw a pipeline', route: '/pipelines' }
  }
}
