import { explainShapes } from '../../main/model/commands/explain'
import { workProgressSchema } from '../../main/model/dataset'
import { stream } from '../wire/definitions'

export const explain = {
  file: stream({ ...explainShapes.file, item: workProgressSchema })
}
