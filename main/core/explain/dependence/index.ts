export { measureDependence, usualDependence, type DependenceOptions } from './measure'
