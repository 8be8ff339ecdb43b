import { opened, type Manifest } from '../manifest'
import { explainCommands } from './commands'
import { createExplaining, type Explaining, type ExplainingNeeds, type ExplainingWriter } from './explaining'

export const manifest = {
  commands: explainCommands,
  open(context, needs: ExplainingNeeds) {
    const explaining = createExplaining(context, needs)
    return opened<Explaining, ExplainingWriter, Explaining>(explaining, { close: () => explaining.close() })
  }
} satisfies Manifest
