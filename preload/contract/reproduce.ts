import { reproduceShapes } from '../../main/model/commands/reproduce'
import { workProgressSchema } from '../../main/model/dataset'
import { stream } from '../wire/definitions'

export const reproduce = {
  run: stream({ ...reproduceShapes.run, item: workProgressSchema })
}
