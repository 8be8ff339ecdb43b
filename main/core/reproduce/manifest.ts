import { opened, type Manifest } from '../manifest'
import { reproduceCommands } from './commands'
import { createReproduce, type Reproduce, type ReproduceSources } from './reproduce'

export const manifest = {
  commands: reproduceCommands,
  open: (context, needs: ReproduceSources) => opened<Reproduce>(createReproduce(context, needs))
} satisfies Manifest
