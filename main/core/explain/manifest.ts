import { opened, type Manifest } from '../manifest'
import type { ScoringSources } from '../scoring'
import { explainCommands } from './commands'
import { createExplaining, type Explaining } from './explaining'

export const manifest = {
  commands: explainCommands,
  open: (context, needs: ScoringSources) => opened<Explaining>(createExplaining(context, needs))
} satisfies Manifest
