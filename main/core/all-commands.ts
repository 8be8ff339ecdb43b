import { datasetCommands } from './datasets'
import { peopleCommands } from './people'

/** Every change that can be made in a workspace, by the names that the contract has for them. */
export const commands = { people: peopleCommands, datasets: datasetCommands }
