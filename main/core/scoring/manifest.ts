import { opened, type Manifest } from '../manifest'
import { scoringCommands } from './commands'
import { createScoring, type Scoring, type ScoringSources } from './scoring'

export const manifest = {
  commands: scoringCommands,
  open: (context, needs: ScoringSources) => opened<Scoring>(createScoring(context, needs))
} satisfies Manifest
