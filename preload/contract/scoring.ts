import { scoringShapes } from '../../main/model/commands/scoring'
import { workProgressSchema } from '../../main/model/dataset'
import { stream } from '../wire/definitions'

export const scoring = {
  file: stream({ ...scoringShapes.file, item: workProgressSchema })
}
