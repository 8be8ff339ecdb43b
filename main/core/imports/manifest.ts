import { opened, type Manifest } from '../manifest'
import { importsCommands } from './commands'
import { createModelImports, type ModelImports, type ModelImportsNeeds, type ModelImportsWriter } from './model-imports'

export const manifest = {
  commands: importsCommands,
  open: (context, needs: ModelImportsNeeds) => opened<ModelImports, ModelImportsWriter>(createModelImports(context, needs))
} satisfies Manifest
