import type { Experiments } from '../experiments'
import { opened, type Manifest } from '../manifest'
import type { Models } from '../models'
import { createFeatures, type Features } from './features'
import { producedFeatureSets, runsTrainedOn } from './produced-feature-sets'

export const manifest = {
  open: (context, { models, experiments }: { models: Models; experiments: Experiments }) =>
    opened<Features>(
      createFeatures(context, {
        produced: () => producedFeatureSets(context.ledger),
        trainedOn: (sha256) => runsTrainedOn(context.ledger, sha256),
        models,
        experiments
      })
    )
} satisfies Manifest
