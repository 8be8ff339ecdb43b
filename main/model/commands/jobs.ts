import { z } from 'zod'
import { shape } from './shape'
import { JobId } from '../reference'

export const jobShapes = {
  cancel: shape(z.object({ id: JobId }), z.object({}), ['jobs'])
}
