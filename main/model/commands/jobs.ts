import { z } from 'zod'
import { shape } from './shape'

export const jobIdInput = z.string().min(1).max(64)

export const jobShapes = {
  cancel: shape(z.object({ id: jobIdInput }), z.object({}), ['jobs'])
}
