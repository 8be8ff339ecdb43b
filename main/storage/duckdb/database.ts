export type * from './database-types'
export { openDatabase } from './open-database'
