export { admitOwnFolder, assertAllowed, assertAllowedPlaces, isAllowed } from './allowed-folders'
export { assertProgramsMayStart, whyNoPrograms } from './other-programs'
export { machineSettingsFile } from './settings-place'
export { readMachineSettings } from './read-settings'
