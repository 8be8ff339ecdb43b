export { nearestCounterfactuals, usualCounterfactuals, type CounterfactualOptions } from './nearest'
