import { z } from 'zod'

/**
 * A number that a program reported of its work. A loss may overflow or be 0 / 0: NaN and infinity are kept as what they are, and are
 * neither the best of anything, nor does a comparison with them hold.
 */
export const ReportedNumber = z.number().or(z.custom<number>((value) => typeof value === 'number'))
