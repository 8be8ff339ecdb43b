import { importsShapes } from '../../model/commands/imports'
import { contentReference } from '../../model/reference'
import { anybody, commandsOn } from '../commands'
import type { ModelImportsWriter } from './model-imports'
import type { PlacedFiles } from './place-files'

const { task } = commandsOn<{ imports: ModelImportsWriter }>()

export const importsCommands = {
  place: task({
    ...importsShapes.place,
    name: 'imports.place',
    allow: anybody,
    event: 'model.brought',
    async work({ imports }, { file, predictions, approved }, { commit }) {
      const placed = await imports.place(file, predictions, approved)
      commit(() => placed)
      return { file: placed.file.name, predictions: placed.predictions?.name ?? null }
    },
    tell: ({ file, predictions }: PlacedFiles) => ({
      subject: contentReference('file', file.name, file.sha256),
      after: {
        file: file.name,
        sha256: file.sha256,
        ...(predictions && { predictions: predictions.name, predictionsSha256: predictions.sha256 })
      }
    })
  })
}
