import * as list from './contract-list'

/** Everything the window can ask of the host, by feature and verb. */
export const contract = { ...list }
export type DrydockContract = typeof contract
