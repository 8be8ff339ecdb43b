export { openDoor, type Door } from './open-door'
export { openOrReach } from './open-or-reach'
export { reachHolder, type ReachedHolder } from './reach-holder'
export { fromStream } from './stream-port'
