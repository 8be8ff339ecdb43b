export { openDoor, type Door } from './open-door'
export { reachHolder, type ReachedHolder } from './reach-holder'
export { fromStream } from './stream-port'
